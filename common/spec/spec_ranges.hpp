#pragma once

#include <limits>

#include "common/spec/number_range.hpp"

namespace fedgram::spec {

// The ranges of an experiment's specification, in the words that its errors have.

inline constexpr NumberRange any_number{.low = -std::numeric_limits<double>::max(), .words = "a number"};
inline constexpr NumberRange above_zero{.low_end = NumberRange::Low::excluded, .words = "a number greater than 0"};
inline constexpr NumberRange zero_or_more{.words = "a number of at least 0"};
inline constexpr NumberRange zero_to_one{.high = 1, .words = "a number from 0 to 1"};
inline constexpr NumberRange above_zero_to_one{
    .low_end = NumberRange::Low::excluded, .high = 1, .words = "a number greater than 0 and at most 1"};
inline constexpr NumberRange zero_to_below_one{
    .high = 1, .high_end = NumberRange::High::excluded, .words = "a number from 0 to below 1"};
inline constexpr NumberRange zero_to_below_half{
    .high = 0.5, .high_end = NumberRange::High::excluded, .words = "a number from 0 to below 0.5"};
inline constexpr NumberRange temperatures{.low = 0.01, .high = 1000, .words = "a number from 0.01 to 1000"};
inline constexpr NumberRange above_50_to_100{
    .low = 50, .low_end = NumberRange::Low::excluded, .high = 100, .words = "a number greater than 50 and at most 100"};
inline constexpr NumberRange between_zero_and_one{.low_end = NumberRange::Low::excluded,
                                                  .high = 1,
                                                  .high_end = NumberRange::High::excluded,
                                                  .words = "a number greater than 0 and less than 1"};

// Of a training's constants: rates, norms, and weights of terms. Nothing that trains has one beyond a million, and
// single precision, in which models are, ends not far from there: a step is such a number times others. So a larger one
// is a slip.
inline constexpr NumberRange above_zero_to_million{
    .low_end = NumberRange::Low::excluded, .high = 1e6, .words = "a number greater than 0 and at most 1000000"};
inline constexpr NumberRange zero_to_million{.high = 1e6, .words = "a number from 0 to 1000000"};

// Of a model: beyond it every built-in one has a tensor that is too large.
inline constexpr NumberRange model_width{
    .low_end = NumberRange::Low::excluded, .high = 1024, .words = "a number greater than 0 and at most 1024"};

// Of host time: 1e6 s are eleven days and a half, as good as for ever, and a clock can count them in every unit.
inline constexpr NumberRange waiting_s{.high = 1e6, .words = "a number from 0 to 1000000"};
inline constexpr NumberRange deadline_s{
    .low_end = NumberRange::Low::excluded, .high = 1e6, .words = "a number greater than 0 and at most 1000000"};

}  // namespace fedgram::spec
