#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/energy/work/training_work.hpp"
#include "common/run/ledger.hpp"
#include "common/run/ledger_lines.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::run {

/// What pricing a run anew needs of its ledger.
struct LedgerWork {
    struct Training {
        std::string label;
        energy::TrainingWork work;  ///< without idle phases and wasted work; with lost updates

        friend bool operator==(const Training&, const Training&) = default;
    };

    std::vector<Training> trainings;  ///< those with a line that isn't wasted, in the order of their first one
    std::uint64_t wasted_lines = 0;
    Joules wasted;  ///< as the ledger has it

    friend bool operator==(const LedgerWork&, const LedgerWork&) = default;
};

/// Puts it together as the lines come, in the ledger's order.
class LedgerWorkBuilder {
public:
    void add(const LedgerLine& line);
    void add(const LedgerRound& round);

    /// What was added since the last call.
    [[nodiscard]] LedgerWork finish();

private:
    [[nodiscard]] energy::TrainingWorkBuilder& builder_of(const std::string& label);

    struct Training {
        std::string label;
        energy::TrainingWorkBuilder work;
    };

    std::vector<Training> trainings_;
    std::size_t latest_ = 0;  // lines of one training stand together
    LedgerWork wasted_;
};

/// Whether lines count their kernels; those from before that have them from the model's layers, where these are known.
enum class Kernels { counted, of_the_layers, unknown };

struct WholeLedger {
    LedgerWork work;
    Kernels kernels = Kernels::counted;
};

/// Reads all of FOLDER/ledger.jsonl. Throws DataError as read_ledger does.
[[nodiscard]] WholeLedger read_ledger_work(const std::filesystem::path& folder, LastLine last);

}  // namespace fedgram::run
