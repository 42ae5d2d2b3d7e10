#pragma once

#include <cstdint>

#include "common/spec/experiment.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

/// Whether a training's model is evaluated behind a round that goes from `begin` to `end` of virtual time.
[[nodiscard]] bool is_evaluated_behind(const spec::Federated& rule, std::uint32_t round, Seconds begin, Seconds end);

/// Whether a round that ends at `end` of virtual time is the first to end in one of the spans [k * minutes, (k + 1) *
/// minutes), k from 1, where the one before it ended at `begin`.
[[nodiscard]] bool enters_further_span(Seconds begin, Seconds end, double minutes);

}  // namespace fedgram::coordinator
