#pragma once

#include <optional>
#include <string>
#include <utility>

namespace fedgram::energy {

/// A value, or why there is none.
template <class T>
class Attempt {
public:
    Attempt(T value) : value_{std::move(value)} {}

    [[nodiscard]] static Attempt missing(const std::string& reason)
    {
        Attempt attempt;
        attempt.reason_ = reason;
        return attempt;
    }

    explicit operator bool() const { return value_.has_value(); }
    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] const T* operator->() const { return &*value_; }
    /// Empty where there is a value.
    [[nodiscard]] const std::string& reason() const { return reason_; }

private:
    Attempt() = default;

    std::optional<T> value_;
    std::string reason_;
};

}  // namespace fedgram::energy
