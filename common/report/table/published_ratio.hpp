#pragma once

#include <optional>

#include "common/report/table/table.hpp"

namespace fedgram::report {

/// A cell beside the published one. The whole is the product of the two parts; each is nothing where it would be a
/// ratio to zero.
struct PublishedRatio {
    std::optional<double> whole;   ///< our grams over the published ones
    std::optional<double> grid;    ///< our intensity over the one that the published cells imply
    std::optional<double> energy;  ///< our energy, with PUE and network, over the one that the published cell implies
};

/// Nothing without a published cell, or when the training missed its target.
[[nodiscard]] std::optional<PublishedRatio> published_ratio(const Table& table, const Cell& cell);

}  // namespace fedgram::report
