#!/usr/bin/env bash
# Installs the Debian packages that newspage and its tests use. Does nothing where all are there.
#
#   chromium, fonts-*   set the sample pages and drive the browser tests
#   epubcheck           says what is wrong with EPUB files, in tests
#   libime-data-language-model
#                       what follows what in Chinese: finds misread characters in texts without a scan
#   poppler-utils       a second opinion on PDF files, in tests
#   postgresql          a store on a server, in tests
#   qpdf                a third opinion on PDF files, in tests
#   libgl1, libglib2.0  what OpenCV links to
#
# With --old-type also the fonts that `python -m benchmarks.learning_curve --synthetic` sets lines in.
set -euo pipefail

packages=(chromium epubcheck fonts-noto-cjk fonts-noto-cjk-extra fonts-arphic-ukai fonts-arphic-uming
    fonts-cwtex-heib fonts-cwtex-kai fonts-cwtex-ming fonts-wqy-zenhei
    libgl1 libglib2.0-0 libime-data-language-model make poppler-utils postgresql qpdf)

if [ "${1:-}" = --old-type ]; then
    packages+=(fontconfig fonts-arphic-bsmi00lp fonts-dejima-mincho fonts-ipamj-mincho
        fonts-oradano-mincho-gsrr)
fi

python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "These Debian packages are missing: ${missing[*]}. Install them as root." >&2
        exit 1
    }
    as_root=(sudo)
fi

export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
