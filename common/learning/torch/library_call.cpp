#include "common/learning/torch/library_call.hpp"

#include <c10/util/Exception.h>

namespace fedgram::learning::torch_engine {

std::string reason(const std::exception& error)
{
    const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
    const std::string text = torch_error != nullptr ? torch_error->what_without_backtrace() : error.what();
    // The interpreter tells first where it failed, over many lines, and at the end why.
    const std::string why = "\nRuntimeError: ";
    const auto told = text.rfind(why);
    const auto start = told == std::string::npos ? 0 : told + why.size();
    return text.substr(start, text.find('\n', start) - start);
}

}  // namespace fedgram::learning::torch_engine
