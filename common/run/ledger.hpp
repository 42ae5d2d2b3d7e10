#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/energy/work/work.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::run {

/// One line of ledger.jsonl: what one node did in one phase of one round of one training, and what that costs on
/// the device named in `provenance`. `idle` lines carry no work. The file names the coordinator "coordinator".
struct LedgerLine : energy::PhaseWork {
    std::string training;    ///< label
    Seconds seconds;         ///< virtual
    Joules joules;           ///< of the device alone: no PUE, no network
    std::string method;      ///< "modelled" here; see common/energy/README.md
    std::string boundary;    ///< "chip", "module", "board", "wall"
    std::string provenance;  ///< "device profile jetson-tx2"
    bool wasted = false;     ///< lost to a fault: in no column of the table
    bool lost = false;       ///< the node's update was too late, or never came, by the fleet's own time: in the table
    bool has_kernels =
        true;  ///< false: written before kernels were counted, so that `work` has 0 of them, and written so

    friend bool operator==(const LedgerLine&, const LedgerLine&) = default;
};

/// One line of JSON, without the newline; units are in the keys. Numbers are written so that they read back equal.
[[nodiscard]] std::string to_json_line(const LedgerLine& line);

/// How a ledger ends: a process that was killed may have left half a line behind.
enum class LastLine { is_whole, may_be_cut_off };

/// The lines of a ledger's text; `where` names it in errors. Throws DataError with the line number.
[[nodiscard]] std::vector<LedgerLine> parse_ledger(std::string_view text, const std::string& where);

/// Hands the lines of a file to `take`, one after the other and each for the call alone: a long run's ledger is larger
/// than a table needs memory.
/// Throws DataError with path and line number. What may be cut off is dropped unless a newline ends it.
void read_ledger(const std::filesystem::path& path, const std::function<void(const LedgerLine&)>& take,
                 LastLine last = LastLine::is_whole);

}  // namespace fedgram::run
