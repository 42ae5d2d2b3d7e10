#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/store/training_store.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/lookup/priced_run.hpp"
#include "experiments/lookup/specification.hpp"
#include "experiments/watching/watch_run.hpp"

namespace fedgram::experiments {

// Options that several subcommands take, declared once so that they read alike in each.

Option add_json(const Subcommand& sub, bool& json);
void add_data_folder(const Subcommand& sub, std::optional<std::filesystem::path>& folder);
void add_sets(const Subcommand& sub, std::vector<std::string>& sets);

/// The specification alone, as a word in its place.
Option add_spec(const Subcommand& sub, std::string& spec);

/// Throws SpecError, of --width, where no model can be so many times as wide.
void check_width(double width);

/// A required specification, with --set and --data-dir.
void add_choice(const Subcommand& sub, SpecChoice& choice);

/// The folder of a run, as a required word in its place.
void add_run_folder(const Subcommand& sub, std::filesystem::path& folder);

/// Where trainings are kept for runs that would train the same.
struct StoreOptions {
    std::optional<std::filesystem::path> folder{};
    double most_gib = store::StorePlace::default_gib;

    /// Nothing without a folder. Throws SpecError for a limit that is none.
    [[nodiscard]] std::optional<store::StorePlace> place() const;
};

/// --store and --store-limit; `without` says what holds where --store isn't given.
struct StoreWords {
    Option folder;
    Option limit;
};
StoreWords add_store(const Subcommand& sub, StoreOptions& options, const std::string& without);

/// What Slurm is told of jobs.
struct SlurmChoice {
    std::uint32_t cpus = 1;             ///< of a job, or of a client
    std::optional<std::string> time{};  ///< a job's limit
    std::vector<std::string> more{};    ///< options of sbatch, or salloc, as they are
};

/// --on, which is `on`, and --cpus, --time and --sbatch, which need it.
struct SlurmWords {
    std::string what;     ///< happens on Slurm
    std::string part;     ///< "run"
    std::string command;  ///< "sbatch"
};
Option add_slurm(const Subcommand& sub, std::string& on, SlurmChoice& choice, const SlurmWords& words);

/// Throws SpecError for options of Slurm's without --on slurm.
void check(const SlurmChoice& choice, const std::string& on);

/// --metrics and --tensorboard: for whom a run is followed, beside its page.
void add_watch_targets(const Subcommand& sub, WatchTargets& targets);

/// --verify: reads all of a run's ledger, and checks its digest by it.
void add_verify(const Subcommand& sub, bool& verify);

/// How a file of --hourly is read, but for its basis. `hourly` is that option.
void add_hourly_choice(const Subcommand& sub, HourlyChoice& choice, Option hourly);

/// The assumptions that price Work.
void add_prices(const Subcommand& sub, AssumptionOptions& options);

/// All assumptions by which a run is priced anew, and --verify.
void add_assumptions(const Subcommand& sub, AssumptionOptions& options);

}  // namespace fedgram::experiments
