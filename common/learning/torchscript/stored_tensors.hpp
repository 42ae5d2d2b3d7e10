#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fedgram::learning::torchscript {

/// A parameter as a file has it, whatever model it is of.
struct NamedTensor {
    std::string name;  ///< "conv1.weight"
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// The parameters in a TorchScript file that `write_torchscript` wrote, in the file's order. `where` names the bytes in
/// errors. Throws DataError, a line, for what another program wrote, and what is cut off or altered.
[[nodiscard]] std::vector<NamedTensor> stored_tensors(std::string_view archive, const std::string& where);

}  // namespace fedgram::learning::torchscript
