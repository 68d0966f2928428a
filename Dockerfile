FROM python:3.11-slim AS build
WORKDIR /source
COPY . .
RUN scripts/build_image_root.sh /source /opt/newspage

FROM python:3.11-slim
COPY --from=build /opt/newspage /opt/newspage
RUN useradd --uid 10001 --create-home newspage && mkdir /data && chown newspage /data
ENV PATH=/opt/newspage/bin:$PATH \
    HOME=/tmp \
    XDG_CACHE_HOME=/tmp/cache \
    XDG_STATE_HOME=/data/.state \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /data
ENTRYPOINT ["newspage"]
CMD ["--help"]
