#pragma once

#include <string>
#include <utility>

#include "common/error/error.hpp"
#include "common/error/spec_errors.hpp"

namespace fedgram {

/// Calls `f` and gives what it returns. An Error that it throws (or only a `Kind` of error) goes on with "WHERE: " in
/// front of its text: the same object, so a Timeout stays a Timeout. Of several mistakes each line gets it. Other
/// exceptions pass unchanged.
template <class Kind = Error, class F>
decltype(auto) with_context(const std::string& where, F&& f)
{
    try {
        return std::forward<F>(f)();
    } catch (Kind& error) {
        if (const auto* several = dynamic_cast<const SpecErrors*>(&error)) throw several->each_with_context(where);
        error.add_context(where);
        throw;
    }
}

/// The same with "; WAY_OUT" behind the text.
template <class Kind = Error, class F>
decltype(auto) with_way_out(const std::string& way_out, F&& f)
{
    try {
        return std::forward<F>(f)();
    } catch (Kind& error) {
        error.add_way_out(way_out);
        throw;
    }
}

}  // namespace fedgram
