#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/lookup/specification.hpp"

namespace fedgram::experiments {

class CommandSet;

struct CoordinatesOptions {
    SpecChoice choice;
    std::string training{};  ///< label of the one whose optimizer and batches count; empty: the first
    std::vector<double> widths{0.25, 0.5, 1, 2};
    std::uint32_t steps = 3;
    std::uint32_t seeds = 5;       ///< initial parameters that the figures are means over
    std::optional<double> rate{};  ///< else the training's
    bool json = false;
};

/// `fedgram coordinates`: how large each layer's outputs are after a few steps at several widths, by muP and by the
/// standard parametrization, and whether they grow with the width.
[[nodiscard]] int coordinates(const CoordinatesOptions& options);

/// Its options and its help.
void add_coordinates(CommandSet& commands);

}  // namespace fedgram::experiments
