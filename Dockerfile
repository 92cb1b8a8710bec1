# Serves the app on port 7860 as an ordinary user, with the shipped models and no network needed
# at run time:
#   docker build -t seizure-zoo . && docker run -p 7860:7860 seizure-zoo
FROM python:3.11-slim

# Which package index torch comes from; the default holds the builds without CUDA.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

RUN useradd --uid 1000 --create-home user
WORKDIR /app

# Packages first: they change less often than the code.
COPY requirements-torch.txt requirements.txt ./
RUN pip install --no-deps --index-url ${TORCH_INDEX} -r requirements-torch.txt \
    && pip install --require-hashes -r requirements.txt

COPY --chown=user app.py registry.json README.md LICENSE ./
COPY --chown=user seizure_core seizure_core
COPY --chown=user zoo zoo
COPY --chown=user training training
COPY --chown=user ui ui

USER user
ENV HOME=/home/user \
    SEIZURE_ZOO_HOME=/home/user/seizure-zoo \
    MPLCONFIGDIR=/tmp/matplotlib \
    GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_SERVER_PORT=7860 \
    GRADIO_ANALYTICS_ENABLED=False \
    HF_HUB_DISABLE_TELEMETRY=1
RUN mkdir -p "$SEIZURE_ZOO_HOME"
VOLUME /home/user/seizure-zoo
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
CMD ["python", "app.py"]
