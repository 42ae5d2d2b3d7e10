#include "common/learning/torch/library_call.hpp"

#include <c10/util/Exception.h>

namespace fedgram::learning::torch_engine {

std::string reason(const std::exception& error)
{
    const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
    const std::string text = torch_error != nullptr ? torch_error->what_without_backtrace() : error.what();
    return text.substr(0, text.find('\n'));
}

}  // namespace fedgram::learning::torch_engine
