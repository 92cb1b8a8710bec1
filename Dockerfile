# Serves the app on port 7860 as an ordinary user, with the shipped models and no network needed
# at run time. compose.yaml runs it with a login, volumes and a read-only root.

# Any image with Python 3.11 or newer; name it with its digest to pin it.
ARG BASE=python:3.11-slim

FROM ${BASE} AS build

# Which package index torch comes from; the default has the builds without CUDA, and an empty one
# means pip's own.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PATH=/opt/venv/bin:$PATH

# Packages first: they change less often than the code. pip compiles them. What only serves to
# build and test them stays out of the image.
COPY requirements-torch.txt requirements.txt /tmp/
RUN python -m venv /opt/venv \
    && pip install --no-deps ${TORCH_INDEX:+--index-url ${TORCH_INDEX}} \
      -r /tmp/requirements-torch.txt \
    && pip install --require-hashes -r /tmp/requirements.txt \
    && pip uninstall --yes pip \
    && cd /opt/venv/lib/python3*/site-packages \
    && rm -rf torch/include torch/share torch/test torch/bin/test* pyarrow/include pyarrow/src \
    && find . -type d -name tests -prune -exec rm -rf {} +
# Nor is there a use here for Parquet tables, which only the command line writes, for pages made by
# Node, or for torch's own tools.
RUN cd /opt/venv/lib/python3*/site-packages \
    && rm -rf pyarrow* gradio/templates/node gradio/media_assets \
    && find torch/bin -type f ! -name torch_shm_manager -delete

WORKDIR /app
COPY . .
RUN python -m compileall -q .

FROM ${BASE}

LABEL org.opencontainers.image.title="Seizure Zoo" \
      org.opencontainers.image.licenses="Apache-2.0"

RUN useradd --uid 1000 --create-home user \
    && install --directory --owner user --group user --mode 700 /home/user/seizure-zoo
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

WORKDIR /app
USER 1000
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/home/user \
    SEIZURE_ZOO_HOME=/home/user/seizure-zoo \
    HF_HOME=/tmp/huggingface \
    MPLCONFIGDIR=/tmp/matplotlib \
    GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_SERVER_PORT=7860

# All that is written: models, datasets and runs; uploads and other temporary files.
VOLUME ["/home/user/seizure-zoo", "/tmp"]
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD python -c "import os, urllib.request as u; \
u.urlopen('http://127.0.0.1:' + os.environ['GRADIO_SERVER_PORT'] + '/healthz', timeout=4)"
CMD ["python", "app.py"]
