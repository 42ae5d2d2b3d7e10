// node onnxruntime_speed.mjs NODE_MODULES MODEL: samples a second of CPU time that ONNX Runtime takes for a model, one by one
// and in batches of 64: "theirs", and "theirs-without-calls", less what a call of a model with nothing to do takes. One
// thread; tensors are made beforehand, and only session.run is timed.
import {createRequire} from 'node:module';
import path from 'node:path';
import process from 'node:process';

const [modules, model] = process.argv.slice(2);
const ort = createRequire(path.join(modules, 'any.js'))('onnxruntime-node');
const turns = 21, samples = 1280;

// An Identity of the same input, by Protocol Buffers' encoding: the numbers of the fields are those of onnx.proto.
const field = (number, content) => [number * 8 + 2, content.length, ...content];
const text = (number, words) => field(number, [...Buffer.from(words)]);
const value = name => [...text(1, name), ...field(2, field(1, [8, 1]))];
const identity = Uint8Array.from([
  8, 7, ...field(7, [...field(1, [...text(1, 'input'), ...text(2, 'logits'), ...text(4, 'Identity')]), ...text(2, 'none'),
                     ...field(11, value('input')), ...field(12, value('logits'))]), ...field(8, [16, 13])]);

const open = what => ort.InferenceSession.create(
    what, {intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all'});

async function secondsOfSample(session, input, output, batch) {
  const feeds = {input}, fetches = {logits: output};
  const passes = [];
  for (let turn = 0; turn <= turns; ++turn) {
    const begin = process.cpuUsage();
    for (let first = 0; first < samples; first += batch) await session.run(feeds, fetches);
    const {user, system} = process.cpuUsage(begin);
    if (turn > 0) passes.push((user + system) * 1e-6 / samples);  // the first one is cold
  }
  return passes.sort((a, b) => a - b)[turns >> 1];
}

const noise = Float32Array.from({length: 64 * 784}, () => Math.random());
for (const batch of [1, 64]) {
  const input = new ort.Tensor('float32', noise.slice(0, batch * 784), [batch, 1, 28, 28]);
  const logits = new ort.Tensor('float32', new Float32Array(batch * 10), [batch, 10]);
  const all = await secondsOfSample(await open(model), input, logits, batch);
  const pixel = new ort.Tensor('float32', new Float32Array(1), [1]);
  const calls = await secondsOfSample(await open(identity), pixel, new ort.Tensor('float32', new Float32Array(1), [1]), batch);
  console.log(`theirs ${batch} ${1 / all}`);
  console.log(`theirs-without-calls ${batch} ${1 / (all - calls)}`);
}
