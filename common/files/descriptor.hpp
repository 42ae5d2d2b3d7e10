#pragma once

#include <unistd.h>

#include <utility>

namespace fedgram::files {

/// A file's descriptor, closed with its owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_{number} {}
    Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor()
    {
        if (number_ >= 0) ::close(number_);
    }

    /// Below zero: none.
    [[nodiscard]] int number() const { return number_; }

private:
    int number_ = -1;
};

}  // namespace fedgram::files
