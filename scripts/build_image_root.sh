#!/bin/sh
# Install newspage and its networks below a folder: all that the image of the Dockerfile adds.
#
#     scripts/build_image_root.sh SOURCE FOLDER
#
# SOURCE is the root of the source. FOLDER/bin/newspage then runs without a network, by any user, on
# a system where nothing but its data can be written. The small installation (docs/install.md) with
# the drivers of PostgreSQL, XML and PDF; PYTHON is the interpreter, 3.11 or newer.
set -eu
source=$1
folder=$2
"${PYTHON:-python3}" -m venv "$folder"
pip() {
    "$folder/bin/python" -m pip --no-cache-dir --disable-pip-version-check --quiet "$@"
}
pip install --no-deps --requirement "$source/requirements-small.txt"
pip install --no-deps --constraint "$source/constraints.txt" psycopg psycopg-binary lxml fonttools
pip install --no-deps "$source"
"$folder/bin/python" -m compileall -q "$folder/lib"
"$folder/bin/newspage" --version
