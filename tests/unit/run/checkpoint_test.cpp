#include "common/run/checkpoint.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::run;
using fedgram::test::read_file;
using fedgram::test::TemporaryFolder;
using fedgram::test::write_file;

namespace {

TrainingSummary training(const std::string& label)
{
    TrainingSummary summary;
    summary.label = label;
    summary.kind = TrainingKind::federated;
    summary.test_accuracy = 0.1;
    summary.test_loss = 2.25;
    summary.refused_updates = {{"not_finite", 3}};
    return summary;
}

Checkpoint checkpoint(std::uint32_t rounds)
{
    return {.spec_sha256 = "abc",
            .finished = {training("central")},
            .point = TrainingPoint{rounds, {training("iid"), 2, true}, {std::byte{1}, std::byte{0}, std::byte{255}}},
            .ends = {100, 2'000'000'000'000, 7}};
}

}  // namespace

TEST_CASE("A checkpoint reads back as it was written")
{
    const auto read = decode(encode(checkpoint(9)), "here");
    CHECK(read.spec_sha256 == "abc");
    REQUIRE(read.finished.size() == 1);
    CHECK(to_json(read.finished[0]) == to_json(training("central")));
    REQUIRE(read.point);
    CHECK(read.point->rounds == 9);
    CHECK(to_json(read.point->record.result) == to_json(training("iid")));
    CHECK(read.point->record.in_a_row == 2);
    CHECK(read.point->record.reached);
    CHECK(read.point->state == checkpoint(9).point->state);
    CHECK(read.ends.ledger == 2'000'000'000'000);

    CHECK_FALSE(decode(encode({.spec_sha256 = "abc"}), "here").point);
}

TEST_CASE("A checkpoint with any byte changed or missing is refused")
{
    const auto good = encode(checkpoint(9));
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        CHECK_THROWS_AS(decode(bad, "here"), DataError);
        CHECK_THROWS_AS(decode(good.substr(0, i), "here"), DataError);
    }
    CHECK_THROWS_AS(decode(good + "x", "here"), DataError);
}

TEST_CASE("A checkpoint of a newer format is refused, and not passed over as damaged")
{
    auto content = encode(checkpoint(9));
    content.resize(content.size() - 64);
    content[7] = '2';
    const auto bytes = content + files::sha256(std::as_bytes(std::span{content}));
    const TemporaryFolder folder;
    write_file(folder / "checkpoint.bin", bytes);
    CHECK_THROWS_WITH(find_checkpoint(folder.path()), Catch::Contains("checkpoint.bin: its format 2 is newer than 1"));
}

TEST_CASE("The one before is used where the last checkpoint is damaged, and the damage is named")
{
    const TemporaryFolder folder;
    CHECK_FALSE(find_checkpoint(folder.path()).checkpoint);
    write_checkpoint(folder.path(), checkpoint(1));
    write_checkpoint(folder.path(), checkpoint(2));
    CHECK(find_checkpoint(folder.path()).checkpoint->point->rounds == 2);

    auto bytes = read_file(folder / "checkpoint.bin");
    bytes[bytes.size() / 2] ^= 1;
    write_file(folder / "checkpoint.bin", bytes);
    const auto found = find_checkpoint(folder.path());
    CHECK(found.checkpoint->point->rounds == 1);
    REQUIRE(found.damaged.size() == 1);
    CHECK_THAT(found.damaged[0], Catch::Contains("checkpoint.bin is damaged"));

    std::filesystem::remove(folder / "checkpoint.bin");  // as between the two renames
    CHECK(find_checkpoint(folder.path()).checkpoint->point->rounds == 1);
    remove_checkpoints(folder.path());
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("The checkpoints of a whole run go in such an order that the last one is never missing before the other")
{
    // Between the two a crash must leave the one that knows the run to be whole.
    const TemporaryFolder folder;
    write_checkpoint(folder.path(), checkpoint(1));
    write_checkpoint(folder.path(), checkpoint(2));
    const int watch = ::inotify_init();
    REQUIRE(::inotify_add_watch(watch, folder.path().c_str(), IN_DELETE) >= 0);
    remove_checkpoints(folder.path());
    alignas(inotify_event) std::array<char, 4096> events{};
    const auto bytes = ::read(watch, events.data(), events.size());
    ::close(watch);
    std::vector<std::string> deleted;
    for (const char* at = events.data(); at < events.data() + bytes;) {
        const auto* const event = reinterpret_cast<const inotify_event*>(at);
        deleted.emplace_back(event->name);
        at += sizeof(inotify_event) + event->len;
    }
    CHECK(deleted == std::vector<std::string>{"checkpoint.previous.bin", "checkpoint.bin"});
}
