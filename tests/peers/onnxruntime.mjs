// node onnxruntime.mjs FEDGRAM MODEL_LOGITS NODE_MODULES: trains small models, makes them int8, exports them as users do, and
// holds ONNX Runtime's logits against Fedgram's. Ends with 1 at the first difference.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {operators} from '../support/onnx_operators.mjs';

const [fedgram, modelLogits, modules] = process.argv.slice(2);
const ort = createRequire(path.join(modules, 'any.js'))('onnxruntime-node');
const scratch = mkdtempSync(path.join(tmpdir(), 'fedgram-onnx-'));
process.on('exit', () => rmSync(scratch, {recursive: true}));

const conv = (channels, kernel, more = {}) => ({kind: 'conv2d', channels, kernel, ...more});
const linear = features => ({kind: 'linear', features});
const maxPool = {kind: 'max_pool2d', kernel: 2, stride: 2}, avgPool = {kind: 'avg_pool2d', kernel: 2, stride: 2};
const relu = {kind: 'relu'}, relu6 = {kind: 'relu6'}, tanh = {kind: 'tanh'}, flatten = {kind: 'flatten'};

// Names, layers (of a built-in model none), reductions, and how many integer operators there are of each kind.
const models = [
  {model: 'small-cnn', int8: ['channel', 'tensor'], convolutions: 2, linears: 2},
  // Strides, a border whose code isn't 0, averages, layers without a ReLU.
  {model: {layers: [conv(8, 5, {stride: 2, padding: 2}), conv(8, 3, {padding: 1}), relu, avgPool, flatten, linear(20),
                    linear(10)]}, int8: ['channel'], convolutions: 2, linears: 2},
  {model: 'mlp-32', int8: ['tensor'], convolutions: 0, linears: 2},
  // Residuals, depthwise convolutions and averages of whole images; int8 folds their batch normalizations.
  {model: 'resnet-8', int8: ['channel', 'tensor'], convolutions: 9, linears: 1, additions: 3, averages: 1},
  {model: 'ds-cnn', int8: ['channel'], convolutions: 9, linears: 1, averages: 1},
  {model: {layers: [conv(8, 3, {stride: 2, bias: false}), relu6, {kind: 'dropout', probability: 0.2},
                    {kind: 'residual', layers: [conv(8, 3, {padding: 1, groups: 8}), relu6, conv(8, 1)]}, relu6, maxPool,
                    {kind: 'residual', layers: [conv(12, 3, {padding: 1})], shortcut: [conv(12, 1)]},
                    {kind: 'global_avg_pool2d'}, flatten, linear(10)]},
   int8: ['channel'], convolutions: 5, linears: 1, additions: 2, averages: 1},
  // Group normalization has no int8 form.
  {model: {layers: [conv(8, 3, {groups: 1, bias: false}), {kind: 'group_norm', groups: 4}, relu6,
                    {kind: 'residual', layers: [conv(8, 3, {padding: 1, groups: 8}), relu]}, maxPool,
                    {kind: 'dropout', probability: 0.2}, {kind: 'global_avg_pool2d'}, flatten, linear(10)]}, int8: []},
  // Tanh has no int8 form.
  {model: {layers: [conv(4, 3), tanh, maxPool, flatten, linear(10)]}, int8: []},
];

const floats = file => {
  const bytes = readFileSync(path.join(scratch, file));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const largest = row => row.reduce((best, value, i) => value > row[best] ? i : best, 0);

// What ONNX Runtime says of the images, all at once and one by one, and which operators it has run.
async function theirs(file, shape, images) {
  const optimized = file + '.optimized';
  const session = await ort.InferenceSession.create(file, {
    intraOpNumThreads: 1, optimizedModelFilePath: optimized, logSeverityLevel: 3,
    // On a CPU without VNNI its kernels would add products in 16 bits.
    extra: {session: {x64quantprecision: '1'}}});
  const run = async (data, samples) =>
      (await session.run({input: new ort.Tensor('float32', data, [samples, ...shape.slice(1)])})).logits;
  const together = await run(images, shape[0]);
  const size = images.length / shape[0];
  const alone = await run(images.slice(0, size), 1);
  assert.deepEqual(alone.dims, [1, together.dims[1]]);
  return {logits: together.data, first: alone.data, operators: operators(readFileSync(optimized))};
}

async function compare(what, run, reduction) {
  const chosen = reduction ? ['--reduction', reduction] : [];
  const {shape, classes, step} =
      JSON.parse(execFileSync(modelLogits, [run, ...chosen, '--out', scratch], {encoding: 'utf8'}));
  const ours = floats('logits.f32');
  const file = path.join(scratch, 'exported.onnx');
  execFileSync(fedgram, ['export', run, ...chosen, '--onnx', file], {stdio: 'pipe'});
  const {logits, first, operators: run_as} = await theirs(file, shape, floats('images.f32'));
  assert.equal(logits.length, ours.length);

  const rows = values => Array.from({length: shape[0]}, (_, i) => values.slice(i * classes, (i + 1) * classes));
  const [our_rows, their_rows] = [rows(ours), rows(logits)];
  const same_class = our_rows.filter((row, i) => largest(row) === largest(their_rows[i])).length;
  const scale = Math.max(...ours.map(Math.abs));
  const difference = Math.max(...ours.map((logit, i) => Math.abs(logit - logits[i])));
  const of_first = Math.max(...first.map((logit, i) => Math.abs(logit - ours[i])));
  const words = [`${same_class} of ${shape[0]} classes`];
  if (step) {
    const codes = ours.map((logit, i) => Math.abs(Math.round((logit - logits[i]) / step)));
    const equal = codes.filter(code => code === 0).length;
    words.push(`${equal} of ${codes.length} codes equal, the others ${Math.max(...codes)} apart`);
    assert.ok(difference < 1.01 * step && of_first < 1.01 * step, `${what}: logits differ by ${difference / step} codes`);
    assert.ok(equal >= 0.99 * codes.length, `${what}: ${equal} of ${codes.length} codes are equal`);
    assert.ok(same_class >= 0.99 * shape[0], `${what}: ${same_class} of ${shape[0]} classes are equal`);
  } else {
    words.push(`logits within ${(difference / scale).toExponential(1)} of the largest`);
    assert.ok(Math.max(difference, of_first) <= 1e-4 * scale, `${what}: logits differ by ${difference}, of ${scale}`);
    assert.equal(same_class, shape[0]);
  }
  console.log(`${what}: ${words.join(', ')}; ran ${JSON.stringify(run_as)}`);
  return run_as;
}

for (const [i, {model, int8, convolutions, linears, additions = 0, averages = 0}] of models.entries()) {
  const name = typeof model === 'string' ? model : model.layers.map(layer => layer.kind).join(' ');
  const spec = {
    name: 'exported', data: {dataset: 'fashion-mnist', train_samples: 2000}, model,
    trainings: [{label: 'central', kind: 'centralized', learning_rate: 0.02, max_epochs: 1}],
    reductions: int8.map(weights => ({label: weights, training: 'central', levers: [{lever: 'quantize', weights}]}))};
  const run = path.join(scratch, `run-${i}`);
  writeFileSync(path.join(scratch, 'spec.json'), JSON.stringify(spec));
  execFileSync(fedgram, ['run', path.join(scratch, 'spec.json'), '--out', run], {stdio: 'pipe'});
  await compare(`${name}, float32`, run);
  for (const weights of int8) {
    const run_as = await compare(`${name}, int8, a scale a ${weights}`, run, weights);
    // That it really computes in integers is said by the optimized graph alone.
    const count = kinds => kinds.reduce((sum, kind) => sum + (run_as[kind] ?? 0), 0);
    assert.equal(count(['QLinearConv']), convolutions);
    assert.equal(count(['QGemm']), linears);
    assert.equal(count(['QLinearAdd']), additions);
    assert.equal(count(['QLinearGlobalAveragePool']), averages);
    assert.equal(count(['Conv', 'FusedConv', 'NhwcFusedConv', 'Gemm', 'FusedGemm', 'MatMul', 'Relu', 'Clip', 'Add',
                        'GlobalAveragePool']), 0);
  }
}
