#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/run/summary.hpp"

namespace fedgram::run {

/// How long the files of a run folder were, in bytes, that are only ever appended to.
struct FileEnds {
    std::uint64_t rounds = 0;
    std::uint64_t ledger = 0;
    std::uint64_t host = 0;
};

/// What a training in hand has come to.
struct TrainingProgress {
    TrainingSummary result;      ///< so far; how it ends isn't known yet
    std::uint32_t in_a_row = 0;  ///< evaluations at or above the target, up to the last one
    bool reached = false;        ///< whether the stop rule has ended it
};

/// Where the training in hand stands after a round, or an interval of a centralized one.
struct TrainingPoint {
    std::uint32_t rounds = 0;  ///< so far, or intervals
    TrainingProgress record;
    std::vector<std::byte> state;  ///< federated: the global parameters; centralized: its Replica's state and place
};

/// Where a run stands: enough to go on as if nothing had happened.
struct Checkpoint {
    std::string spec_sha256;                  ///< of the spec.json that it belongs to
    std::vector<TrainingSummary> finished{};  ///< the trainings that have ended
    std::optional<TrainingPoint> point{};     ///< of the next one; nothing: before its first round
    FileEnds ends{};
};

/// Writes DIR/checkpoint.bin by a temporary name, fsync and rename; the one before stays as checkpoint.previous.bin.
/// Throws SystemError that names the file when it can't be written.
void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint);

/// What was found in a folder, and why a newer one was passed over.
struct FoundCheckpoint {
    std::optional<Checkpoint> checkpoint;
    std::vector<std::string> damaged;  ///< a line for each file that was there and can't be used
};

/// The latest checkpoint that is whole. Nothing where there is none; a damaged one is named, and the one before used.
/// Throws NewerFormat for one that a later Fedgram has written.
[[nodiscard]] FoundCheckpoint find_checkpoint(const std::filesystem::path& folder);

/// Removes the latest checkpoint, which is damaged: the next one must not replace the one before by it.
void drop_latest_checkpoint(const std::filesystem::path& folder);

/// Whether there is one, whole or not.
[[nodiscard]] bool has_checkpoint(const std::filesystem::path& folder);

/// Removes the checkpoints of a run that is whole.
void remove_checkpoints(const std::filesystem::path& folder);

/// The bytes of one checkpoint, and back. `where` names them in errors; throws DataError for what is damaged.
[[nodiscard]] std::string encode(const Checkpoint& checkpoint);
[[nodiscard]] Checkpoint decode(std::string_view bytes, const std::string& where);

}  // namespace fedgram::run
