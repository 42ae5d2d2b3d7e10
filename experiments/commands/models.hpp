#pragma once

#include <string>

namespace fedgram::experiments {

class CommandSet;

struct ModelsOptions {
    std::string name{};  ///< empty: a list of all
    bool json = false;
};

/// `fedgram models`: the built-in models, or the layers of one, with shapes, parameters and FLOPs for a sample of
/// 28 x 28 grey pixels and 10 classes.
[[nodiscard]] int models(const ModelsOptions& options);

/// Its options and its help.
void add_models(CommandSet& commands);

}  // namespace fedgram::experiments
