#!/usr/bin/env bash
# ONNX Runtime 1.30.0 (npm onnxruntime-node), on a CPU: an int8 model that is computed in float32.
#
# A good guess: a model in QDQ form, whose layers all stand between DequantizeLinear and QuantizeLinear with constant
# scales, is computed in int8. Symmetric quantization, with zero point 0 in int8 or 128 in uint8, is the simplest case.
#
# Seen: a layer with a Relu behind it is computed in int8 only if the zero point behind the Relu is the type's least
# code: -128 in int8, 0 in uint8. With any other, the symmetric ones among them, Conv and Gemm stay in float32 between
# conversions, and no warning says so. Without the Relu the same zero points give integer operators.
#
# So an int8 model is known to be one by the operators of its optimized graph alone (optimizedModelFilePath). Whoever
# writes models gives activations behind a ReLU the least code for 0. Then they have all codes, and the quantizer's own
# clamp is the ReLU. In Fedgram common/learning/onnx/int8_graph.cpp does that, and
# tests/peers/onnxruntime.mjs counts the operators.
#
# This installs the package into a temporary folder, writes small models, and fails if the behaviour differs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --no-audit --no-fund --ignore-scripts --loglevel=error onnxruntime-node@1.30.0 >npm.log 2>&1 ||
    { cat npm.log >&2; exit 1; }

cat >models.mjs <<'SCRIPT'
import {readFileSync} from 'node:fs';
import ort from 'onnxruntime-node';

// Protocol Buffers by hand: a field with a whole number, and one with bytes, a text or a message.
const varint = value => value < 128 ? [value] : [value % 128 + 128, ...varint(Math.floor(value / 128))];
const whole = (field, value) => [...varint(field * 8), ...varint(value)];
const field = (number, content) => {
  const bytes = typeof content === 'string' ? [...Buffer.from(content)] : content;
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
};
const FLOAT = 1, UINT8 = 2, INT8 = 3;  // TensorProto.DataType

const bytesOf = array => [...new Uint8Array(array.buffer)];
const tensor = (name, type, dims, values) => field(5, [
  ...dims.flatMap(dim => whole(1, dim)), ...whole(2, type), ...field(8, name),
  ...field(9, bytesOf(type === FLOAT ? Float32Array.from(values) : Int8Array.from(values)))]);
const node = (operator, inputs, output) => field(1, [
  ...inputs.flatMap(input => field(1, input)), ...field(2, output), ...field(3, output), ...field(4, operator)]);
const value = (name, dims) => [...field(1, name), ...field(2, field(1, [
  ...whole(1, FLOAT), ...field(2, dims.flatMap(dim => field(1, whole(1, dim))))]))];

// input -> codes -> layer -> perhaps Relu -> codes of this type and zero point -> output.
function model(layer, type, zeroPoint, relu) {
  const input = layer === 'Conv' ? [1, 8, 6, 6] : [4, 64], output = layer === 'Conv' ? [1, 8, 4, 4] : [4, 64];
  const weight = layer === 'Conv' ? [8, 8, 3, 3] : [64, 64];
  const weights = Array.from({length: weight.reduce((a, b) => a * b)}, (_, i) => i % 41 - 20);
  const graph = [
    ...node('QuantizeLinear', ['input', 'scale', 'least'], 'codes'),
    ...node('DequantizeLinear', ['codes', 'scale', 'least'], 'reals'),
    ...node('DequantizeLinear', ['weight_codes', 'weight_scale', 'weight_zero'], 'weight'),
    ...node(layer, ['reals', 'weight'], 'sum'),
    ...(relu ? node('Relu', ['sum'], 'positive') : []),
    ...node('QuantizeLinear', [relu ? 'positive' : 'sum', 'out_scale', 'out_zero'], 'out_codes'),
    ...node('DequantizeLinear', ['out_codes', 'out_scale', 'out_zero'], 'output'),
    ...field(2, 'layer'),
    ...tensor('scale', FLOAT, [], [0.02]), ...tensor('least', type, [], [type === INT8 ? -128 : 0]),
    ...tensor('weight_codes', INT8, weight, weights), ...tensor('weight_scale', FLOAT, [], [0.01]),
    ...tensor('weight_zero', INT8, [], [0]), ...tensor('out_scale', FLOAT, [], [0.05]),
    ...tensor('out_zero', type, [], [zeroPoint]),
    ...field(11, value('input', input)), ...field(12, value('output', output))];
  return Buffer.from([...whole(1, 7), ...field(7, graph), ...field(8, whole(2, 13))]);
}

// Which of these operators the optimized graph has: a node's type is field 4, a text, as no other part of it here.
function operators(file) {
  const bytes = readFileSync(file);
  return ['QLinearConv', 'QGemm', 'Conv', 'FusedConv', 'NhwcFusedConv', 'Gemm', 'FusedGemm']
      .filter(name => bytes.includes(Buffer.from(field(4, name)))).join('+');
}

for (const layer of ['Conv', 'Gemm'])
  for (const [type, zeroPoint] of [[UINT8, 0], [UINT8, 128], [UINT8, 3], [INT8, -128], [INT8, 0]])
    for (const relu of [true, false]) {
      const seen = [];
      for (const level of ['extended', 'all']) {
        await ort.InferenceSession.create(model(layer, type, zeroPoint, relu), {
          graphOptimizationLevel: level, optimizedModelFilePath: 'optimized.onnx',
          logSeverityLevel: level === 'all' ? 3 : 2});  // warnings; with 'all' it has one about the file that it writes
        seen.push(operators('optimized.onnx'));
      }
      const what = `${layer}${relu ? ', Relu' : ''}, ${type === INT8 ? 'int8' : 'uint8'} with zero point ${zeroPoint}`;
      console.log(`${what}: ${[...new Set(seen)].join(' or ')}`);
    }
SCRIPT
node models.mjs >seen 2>warnings
cat seen warnings

failed=0
expect() { # LINE...
    local line
    for line; do
        grep --quiet --line-regexp --fixed-strings "$line" seen ||
            { echo "  differs from what was seen with 1.30.0: $line" >&2; failed=1; }
    done
}
for layer in Conv:QLinearConv Gemm:QGemm; do
    name=${layer%:*} integers=${layer#*:}
    for least in 'uint8 with zero point 0' 'int8 with zero point -128'; do
        expect "$name, Relu, $least: $integers" "$name, $least: $integers"
    done
    for other in 'uint8 with zero point 128' 'uint8 with zero point 3' 'int8 with zero point 0'; do
        expect "$name, Relu, $other: Fused$name" "$name, $other: $integers"
    done
done
[[ ! -s warnings ]] || { echo "  differs from what was seen with 1.30.0: no warning" >&2; failed=1; }
exit $failed
