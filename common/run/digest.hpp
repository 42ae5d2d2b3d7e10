#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/run/ledger_work.hpp"

namespace fedgram::run {

// A run's digest: what pricing it anew needs of its ledger, which may have millions of lines that say few different
// things. It has two files, for most prices don't ask which nodes did something:
//   digest.bin        the distinct Works, and how many nodes did which in each round
//   digest.nodes.bin  which nodes these were, as ranges

/// By what a digest knows its ledger: the length, and the SHA-256 of the last 64 KiB.
struct LedgerStamp {
    std::uint64_t bytes = 0;
    std::string tail_sha256;

    friend bool operator==(const LedgerStamp&, const LedgerStamp&) = default;
};

/// Throws SystemError or DataError where the ledger can't be read.
[[nodiscard]] LedgerStamp stamp_of(const std::filesystem::path& ledger);

struct Digest {
    LedgerStamp ledger;
    LedgerWork work;
};

/// The bytes of both files, and back. `where` names them in errors; these throw DataError for what is damaged, and
/// `take_nodes` also for nodes of another digest.
[[nodiscard]] std::string encode_work(const Digest& digest);
[[nodiscard]] std::string encode_nodes(const Digest& digest);
/// Without the cohorts.
[[nodiscard]] Digest decode_work(std::string_view bytes, const std::string& where);
void take_nodes(std::string_view bytes, const std::string& where, Digest& digest);

/// Whether it is asked which nodes did something. Where they have places of their own, it is.
enum class NodeNumbers { asked_for, left_out };

/// Writes the digest of FOLDER's ledger as it is now. Throws SystemError.
void write_digest(const std::filesystem::path& folder, LedgerWork work);
void remove_digest(const std::filesystem::path& folder);

/// What the digest says of FOLDER's ledger; nothing where there is none, or it is damaged, or of another ledger. Nobody
/// misses it: the ledger says the same.
[[nodiscard]] std::optional<LedgerWork> find_digest(const std::filesystem::path& folder, NodeNumbers nodes);

/// Throws DataError where FOLDER has a digest and it doesn't say what `work`, read from all of the ledger, does.
void check_digest(const std::filesystem::path& folder, const LedgerWork& work);

}  // namespace fedgram::run
