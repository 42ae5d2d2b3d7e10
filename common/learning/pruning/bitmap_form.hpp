#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/pruning/stored_values.hpp"

namespace fedgram::learning {

/// Which values of a tensor aren't 0, as a map: a bit for each, from each byte's lowest up.
class BitmapForm {
public:
    /// Of a tensor of so many values.
    explicit BitmapForm(std::size_t size) : size_{size} {}

    [[nodiscard]] static Places entries(Places stored) { return stored; }
    [[nodiscard]] std::uint64_t bytes(const Places& entries) const;
    void append(const Places& entries, std::vector<std::byte>& to) const;
    [[nodiscard]] Places read(std::span<const std::byte>& bytes) const;
    static void check_zero(const Places& entries, std::size_t entry);

private:
    std::size_t size_;
};

}  // namespace fedgram::learning
