#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace fedgram::experiments {

class CommandSet;

struct ModelsOptions {
    std::string name{};                  ///< a built-in model or a TorchScript file; empty: a list of all built-in ones
    std::optional<std::string> input{};  ///< channels x height x width, else 1x28x28
    std::optional<std::uint32_t> classes{};  ///< else 10
    double width = 1;                        ///< of a built-in one: so many times its channels and features
    bool json = false;
};

/// `fedgram models`: the built-in models, or the layers of one, with shapes, parameters and FLOPs for a sample of
/// the input's shape, which is shown too. Of a TorchScript file its operators; one that isn't known is shown as such.
[[nodiscard]] int models(const ModelsOptions& options);

/// Its options and its help.
void add_models(CommandSet& commands);

}  // namespace fedgram::experiments
