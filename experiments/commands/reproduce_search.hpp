#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "experiments/commands/shared_options.hpp"

namespace fedgram::experiments {

struct ReproduceSearchOptions {
    bool quick = false;
    std::optional<std::filesystem::path> out{};
    std::optional<std::filesystem::path> data_folder{};
    StoreOptions store{};
    bool json = false;
};

/// `fedgram reproduce search`: the shipped sweep `local-epochs-search` as a grid, by Hyperband and by ASHA, in
/// OUT/grid, OUT/hyperband and OUT/asha; and the shipped sweep `mup-rates` in OUT/transfer. OUT/search.txt and
/// search.json say how far the fronts of the two are from the grid's, which part of its joules they took, and how a
/// learning rate carries over from a narrow model to a wide one, with the joules of both ways. Returns the exit code of
/// the first sweep that fails.
[[nodiscard]] int reproduce_search(const ReproduceSearchOptions& options);

}  // namespace fedgram::experiments
