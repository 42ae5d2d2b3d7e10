#pragma once

#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/carbon/grid/grid.hpp"

namespace fedgram::experiments {

/// "CAF counts as 0 g/kWh: REASON" for a grid of intensity 0; empty for any other.
[[nodiscard]] std::string zero_grid_note(const carbon::GridIntensity& grid);

/// The same for each such row, node's place and site, once. A cell of 0 g then says why it is.
[[nodiscard]] std::vector<std::string> zero_grid_notes(const carbon::Accounting& accounting);

}  // namespace fedgram::experiments
