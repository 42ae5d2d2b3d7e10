#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "common/files/durable_file.hpp"
#include "common/run/analysis_file.hpp"
#include "common/run/digested_lines.hpp"
#include "common/run/folder_lock.hpp"
#include "experiments/analysis/journal_entry.hpp"
#include "experiments/analyzing/analysis_identity.hpp"
#include "experiments/analyzing/analysis_report.hpp"

namespace fedgram::experiments {

/// The folder that an analysis is kept in, for one process at a time. `measurements.jsonl` has a first line with the
/// analysis's identity, then one for each measurement, which is there as soon as it was made; so one that was killed
/// goes on with them. The results stand beside it once the analysis is whole.
class AnalysisFolder {
public:
    static constexpr const char* table_name = "measurements.csv";
    static constexpr const char* figure_name = "curves.svg";
    /// All that stands in it.
    static constexpr std::array file_names{run::analysis_file_name, run::measurements_file_name, table_name,
                                           figure_name, run::FolderLock::file_name};

    /// Makes the folder, or takes up what it holds of the same analysis. Throws SystemError where something else is
    /// there, where no folder can be, and while another analysis is at work in it; SpecError where it holds another
    /// analysis, DataError where its measurements are damaged, or gone though it is whole. What is there stays as it is
    /// then.
    AnalysisFolder(std::filesystem::path folder, const AnalysisIdentity& identity);

    /// Those that were there.
    [[nodiscard]] const std::vector<analysis::JournalEntry>& known() const { return known_; }

    /// Throws SystemError.
    void add(const analysis::JournalEntry& entry);

    /// measurements.csv, curves.svg and, behind them, analysis.json, which makes the analysis whole. Throws
    /// SystemError.
    void finish(const AnalysisReport& report, std::span<const analysis::JournalEntry> entries) const;

private:
    void take_up(const AnalysisIdentity& identity);

    std::filesystem::path folder_;
    run::FolderLock lock_;
    run::DigestedLines lines_;
    std::vector<analysis::JournalEntry> known_;
    std::optional<files::AppendFile> file_;
};

}  // namespace fedgram::experiments
