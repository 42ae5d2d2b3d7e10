#pragma once

#include <exception>
#include <string>

namespace fedgram::learning::torch_engine {

/// Why a call failed, as LibTorch says it on one line, without its stack trace or the interpreter's.
[[nodiscard]] std::string reason(const std::exception& error);

/// What `call` gives, or where LibTorch fails an error of ours with the text that `text_of` makes of its reason.
template <class Error, class Call, class TextOf>
decltype(auto) or_throw(Call call, TextOf text_of)
{
    try {
        return call();
    } catch (const std::exception& error) {
        throw Error{text_of(reason(error))};
    }
}

}  // namespace fedgram::learning::torch_engine
