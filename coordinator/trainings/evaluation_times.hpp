#pragma once

#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

/// Whether a round that ends at `end` of virtual time is the first to end in one of the spans [k * minutes, (k + 1) *
/// minutes), k from 1, where the one before it ended at `begin`.
[[nodiscard]] bool enters_further_span(Seconds begin, Seconds end, double minutes);

}  // namespace fedgram::coordinator
