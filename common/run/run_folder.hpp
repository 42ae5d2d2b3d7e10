#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/files/durable_file.hpp"
#include "common/run/checkpoint.hpp"
#include "common/run/folder_lock.hpp"
#include "common/run/host_line.hpp"
#include "common/run/ledger.hpp"
#include "common/run/ledger_lines.hpp"
#include "common/run/ledger_text.hpp"
#include "common/run/ledger_work.hpp"
#include "common/run/processes.hpp"
#include "common/run/round_line.hpp"
#include "common/run/run_progress.hpp"
#include "common/run/summary.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::run {

/// The folder of one run. Whole files are written to a temporary name and renamed, so that a crash leaves the old one
/// or the new one; the four .jsonl files are appended to. Everything throws SystemError that names the file when it
/// can't be written.
class RunFolder {
public:
    /// Makes the folder if it isn't there, and locks it. A launcher's processes end within 5 s of its death, so that a
    /// run can be taken up in less than the default patience.
    explicit RunFolder(std::filesystem::path folder, std::chrono::milliseconds patience = std::chrono::seconds{10});

    [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }

    void write(const spec::Experiment& experiment) const;  ///< spec.json
    void write(const RunSummary& summary) const;           ///< summary.json
    void write(const Processes& processes) const;          ///< processes.json
    /// progress.json, which nobody needs after a crash: it isn't waited for until it is on the disk.
    void write(const RunProgress& progress) const;
    void remove_progress() const;
    /// What nodes have kept for a run that is whole. What can't be removed stays.
    void remove_node_state() const;

    void append(const RoundLine& line);
    void append_ledger(std::span<const LedgerLine> lines);
    /// A round's nodes, and `own` behind them.
    void append_ledger(const LedgerRound& round, std::span<const LedgerLine> own);
    /// digest.bin and digest.nodes.bin, of a ledger that is at its end, or at a stop. A ledger that this process has
    /// not written alone is read once more; one that can't be read, or is from before kernels were counted, gets none.
    void write_digest();
    /// What this host spent on nodes' local trainings: measured, and outside of what a seed repeats.
    void append_host(std::span<const HostLine> lines);
    /// With the time of day, to the second.
    void append_event(const std::string& name, nlohmann::ordered_json details);

    /// Those that can be read.
    [[nodiscard]] std::vector<HostLine> host_lines() const;

    /// How long the files are, once they are on the disk.
    [[nodiscard]] FileEnds synced_ends();

    /// Whether a run has left anything here.
    [[nodiscard]] bool used() const;

    /// What a crash left behind a checkpoint, as text.
    struct Tails {
        std::string ledger;
        std::string host;
    };
    /// Throws DataError when a file is shorter than the checkpoint knew it.
    [[nodiscard]] Tails behind(const FileEnds& ends) const;
    /// Ends rounds.jsonl and ledger.jsonl where the checkpoint knew them, so that no round stands twice, and appends
    /// what was lost to the ledger. host.jsonl stays, but for half a line: this host has spent what stands in it.
    void cut_back(const FileEnds& ends, std::span<const LedgerLine> lost);

private:
    void write(const std::string& name, std::string_view text) const;
    template <class ForEachLine>
    void append_lines(ForEachLine for_each);
    void add_up(std::span<const LedgerLine> lines);

    std::filesystem::path folder_;
    FolderLock lock_;
    files::AppendFile rounds_;
    files::AppendFile ledger_;
    LedgerText ledger_text_;
    std::optional<LedgerWorkBuilder> ledger_work_;  // nothing where the ledger has lines of an earlier process
    files::AppendFile host_;
    files::AppendFile events_;
};

}  // namespace fedgram::run
