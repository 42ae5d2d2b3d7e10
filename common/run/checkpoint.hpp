#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace fedgram::coordinator {

/// How long the files of a run folder were, in bytes, that are only ever appended to.
struct FileEnds {
    std::uint64_t rounds = 0;
    std::uint64_t ledger = 0;
    std::uint64_t host = 0;
};

/// Where the training in hand stands after a round, or an interval of a centralized one.
struct TrainingPoint {
    std::uint32_t rounds = 0;       ///< so far, or intervals
    nlohmann::ordered_json record;  ///< TrainingRecorder's
    std::vector<std::byte> state;   ///< federated: the global parameters; centralized: its Replica's state and place
};

/// Where a run stands: enough to go on as if nothing had happened.
struct Checkpoint {
    std::string spec_sha256;                         ///< of the spec.json that it belongs to
    std::vector<nlohmann::ordered_json> finished{};  ///< the summary's entries of the trainings that have ended
    std::optional<TrainingPoint> point{};            ///< of the next one; nothing: before its first round
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
[[nodiscard]] FoundCheckpoint find_checkpoint(const std::filesystem::path& folder);

/// Takes the latest checkpoint away, which is damaged: the next one must not put it in the place of the one before.
void drop_latest_checkpoint(const std::filesystem::path& folder);

/// Whether there is one, whole or not.
[[nodiscard]] bool has_checkpoint(const std::filesystem::path& folder);

/// Takes away the checkpoints of a run that is whole.
void remove_checkpoints(const std::filesystem::path& folder);

/// The bytes of one checkpoint, and back. `where` names them in errors; throws DataError for what is damaged.
[[nodiscard]] std::string encode(const Checkpoint& checkpoint);
[[nodiscard]] Checkpoint decode(std::string_view bytes, const std::string& where);

}  // namespace fedgram::coordinator
