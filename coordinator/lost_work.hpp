#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/energy/ledger.hpp"
#include "coordinator/run_folder.hpp"

namespace fedgram::coordinator {

/// What a run had done after the checkpoint that it goes on from: energy spent in vain, but spent.
struct LostWork {
    /// Of rounds and intervals that were whole, and of what had been lost before the crash.
    std::vector<energy::LedgerLine> lines;
    /// Nodes that had delivered in a round that wasn't whole yet: round and node.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> nodes;
};

/// From what stood behind the checkpoint in ledger.jsonl and host.jsonl. Throws DataError for lines that are damaged.
[[nodiscard]] LostWork lost_work(const RunFolder::Tails& tails);

}  // namespace fedgram::coordinator
