#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/run/ledger.hpp"
#include "common/run/run_folder.hpp"

namespace fedgram::coordinator {

/// What a run had done after the checkpoint that it goes on from. Its energy was spent; it counts as wasted.
struct LostWork {
    struct Update {
        std::string training;
        std::uint32_t round = 0;
        std::uint32_t node = 0;

        friend auto operator<=>(const Update&, const Update&) = default;
    };

    /// Of rounds and intervals that were whole, and of what had been lost before the crash; all marked as wasted.
    std::vector<run::LedgerLine> lines;
    /// That had arrived, in rounds that weren't whole yet: in no line above.
    std::vector<Update> updates;
    /// A line for each file that holds what can't be read.
    std::vector<std::string> damage;
};

/// From what stands behind the checkpoint in ledger.jsonl, up to the first line that can't be read, and in host.jsonl.
/// To ask again, with the lost lines in the ledger, gives the same.
[[nodiscard]] LostWork lost_work(const run::RunFolder::Tails& tails);

}  // namespace fedgram::coordinator
