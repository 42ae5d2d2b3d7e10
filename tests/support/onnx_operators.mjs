// operators(BYTES): how often each operator stands in a file of ONNX, as {Conv: 2, ...}. The numbers of the fields are those
// of onnx.proto.
const graphOfModel = 7, nodeOfGraph = 1, operatorOfNode = 4;

function* fields(bytes) {
  let at = 0;
  const number = () => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  while (at < bytes.length) {
    const key = number();
    const kind = key & 7;
    if (kind === 0) number();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else {
      const length = number();
      yield [key >>> 3, bytes.subarray(at, at += length)];
    }
  }
}

export function operators(bytes) {
  const counts = {};
  for (const [field, graph] of fields(bytes))
    if (field === graphOfModel)
      for (const [part, node] of fields(graph))
        if (part === nodeOfGraph)
          for (const [name, text] of fields(node))
            if (name === operatorOfNode) counts[text.toString()] = (counts[text.toString()] ?? 0) + 1;
  return counts;
}
