# Airbyte's own base for Python connectors. A test may give another with a Python from 3.11 to 3.13 in it.
ARG BASE_IMAGE=docker.io/airbyte/python-connector-base:4.1.0@sha256:1d1aa21d34e851df4e8a87b391c27724c06e2597608e7161f4d167be853bd7b6

FROM ${BASE_IMAGE} AS builder
USER root
WORKDIR /airbyte
COPY requirements.lock requirements-left-out.txt ./
# The lock, paragraph by paragraph, without the packages that are left out.
RUN awk 'NR == FNR { left_out[$1]; next } /^[^ #]/ { split($1, pin, "=="); kept = !(pin[1] in left_out) } kept' \
        requirements-left-out.txt requirements.lock > requirements.txt
# Without pip inside; the base's own pip fills it. Byte-compiled, here and below, because the connector's user can
# write no cache: left to each start, compiling would double its time.
RUN python -m venv --without-pip venv \
    && python -m pip --python venv/bin/python install \
        --no-cache-dir --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.txt \
    && venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash venv
COPY main.py integration_code/
COPY source_freshdesk integration_code/source_freshdesk
# A checkout may be its owner's alone to read.
RUN venv/bin/python -m compileall -q --invalidation-mode unchecked-hash integration_code \
    && chmod -R u=rwX,go=rX venv integration_code


FROM ${BASE_IMAGE}
USER root
# Airbyte's base has this user; another need not.
RUN id airbyte >/dev/null 2>&1 || useradd --uid 1000 --create-home airbyte
# Root's, so that the running connector cannot change itself.
COPY --from=builder /airbyte/venv /airbyte/venv
COPY --from=builder /airbyte/integration_code /airbyte/integration_code

USER airbyte
WORKDIR /airbyte/integration_code
# The root file system may be read-only, with nothing mounted on /tmp; this place is always there.
ENV TMPDIR=/dev/shm
ENV PATH="/airbyte/venv/bin:${PATH}"
# The platform reads the variable; `docker run` takes the instruction. They must say the same.
ENV AIRBYTE_ENTRYPOINT="python /airbyte/integration_code/main.py"
ENTRYPOINT ["python", "/airbyte/integration_code/main.py"]

LABEL io.airbyte.name="source-freshdesk"
LABEL io.airbyte.version="0.1.0"
