#!/usr/bin/env bash
# onnxruntime.sh FEDGRAM MODEL_LOGITS FOLDER: has ONNX Runtime run the models that FEDGRAM exports, in float32 and in int8,
# and compares its logits with those of Fedgram's engines, which the program MODEL_LOGITS writes. FOLDER keeps what is
# installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
fedgram=${1:?onnxruntime.sh: which fedgram?}
model_logits=${2:?onnxruntime.sh: which program writes the logits?}
modules=$("$here/npm_package.sh" "${3:?onnxruntime.sh: which folder?}" onnxruntime-node 1.30.0)
exec node "$here/onnxruntime.mjs" "$fedgram" "$model_logits" "$modules"
