#include "common/learning/torch/library_call.hpp"

#include <regex>

#include <c10/util/Exception.h>

namespace fedgram::learning::torch_engine {

std::string reason(const std::exception& error)
{
    const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
    const std::string text = torch_error != nullptr ? torch_error->what_without_backtrace() : error.what();
    // The interpreter tells first where it failed, over many lines, and then why: by LibTorch's "RuntimeError: ...", or
    // by what the model raises itself, "builtins.ValueError: ...".
    static const std::regex class_of_error{R"(\n[\w.]+: )"};
    std::size_t start = 0;
    if (text.find("TorchScript interpreter") < text.find('\n'))
        for (std::sregex_iterator found{text.begin(), text.end(), class_of_error}, end; found != end; ++found)
            start = static_cast<std::size_t>(found->position() + found->length());
    return text.substr(start, text.find('\n', start) - start);
}

}  // namespace fedgram::learning::torch_engine
