#pragma once

#include <cstdint>
#include <string_view>

namespace fedgram::spec {

/// What a model's numbers are held in while it answers: weights and activations alike.
enum class NumberType { fp32, int8 };

[[nodiscard]] constexpr std::uint64_t bytes_of(NumberType type) { return type == NumberType::fp32 ? 4 : 1; }

[[nodiscard]] constexpr std::string_view name(NumberType type) { return type == NumberType::fp32 ? "fp32" : "int8"; }

}  // namespace fedgram::spec
