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
/// OUT/grid, OUT/hyperband and OUT/asha; OUT/search.txt and search.json say how far the fronts of the two are from the
/// grid's, and which part of its joules they took. Returns the exit code of the first sweep that fails.
[[nodiscard]] int reproduce_search(const ReproduceSearchOptions& options);

}  // namespace fedgram::experiments
