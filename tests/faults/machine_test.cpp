#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

#include "common/run/folder_lock.hpp"
#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/completed_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;

namespace {

constexpr const char* more_rounds = "federated.max_rounds=100";

std::size_t rounds_of(const std::filesystem::path& run)
{
    const auto text = std::filesystem::exists(run / "rounds.jsonl") ? read_file(run / "rounds.jsonl") : "";
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

void wait_for_rounds(const std::filesystem::path& run, std::size_t count)
{
    for (int tries = 0; tries < 6000 && rounds_of(run) < count; ++tries) ::usleep(10'000);
    REQUIRE(rounds_of(run) >= count);
}

/// The coordinator of a killed launcher ends with it, and its lock with the coordinator.
void wait_until_free(const std::filesystem::path& run)
{
    int tries = 0;
    while (fedgram::run::is_kept(run, fedgram::run::FolderKeeper::coordinator) && ++tries < 100) ::usleep(100'000);
    REQUIRE(tries < 100);
}

/// The run goes on to the end, and equals one that nothing has disturbed.
void check_resumes(const TemporaryFolder& folder, const std::filesystem::path& disturbed)
{
    const auto undisturbed =
        run("fedgram", {"run", folder / "tiny.json", "--out", folder / "undisturbed", "--set", more_rounds});
    REQUIRE(undisturbed.exit_code == 0);
    const auto outcome = run("fedgram", {"run", "--resume", disturbed});
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    for (const std::string file : {"table.json", "rounds.jsonl"})
        CHECK(read_file(disturbed / file) == read_file(folder / "undisturbed" / file));
    CHECK(completed_lines(read_file(disturbed / "ledger.jsonl")) == read_file(folder / "undisturbed" / "ledger.jsonl"));
}

/// A small file system of its own, gone with the object.
class SmallDisk {
public:
    explicit SmallDisk(const std::filesystem::path& where) : where_{where}
    {
        std::filesystem::create_directories(where_);
        mounted_ = ::mount("fedgram-test", where_.c_str(), "tmpfs", 0, "size=200k") == 0;
        if (!mounted_) std::cerr << "no file system can be mounted here (" << std::strerror(errno) << ")\n";
    }
    ~SmallDisk()
    {
        if (mounted_) ::umount2(where_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    [[nodiscard]] bool mounted() const { return mounted_; }
    void grow() const { REQUIRE(::mount("fedgram-test", where_.c_str(), "tmpfs", MS_REMOUNT, "size=50m") == 0); }
    /// Root writes whatever the permissions say, but not here.
    void close_to_writing() const
    {
        REQUIRE(::mount("fedgram-test", where_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0);
    }

private:
    std::filesystem::path where_;
    bool mounted_ = false;
};

}  // namespace

TEST_CASE("A full disk is one clear error with whole lines left behind, and the run goes on once there is room",
          "[faults]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const SmallDisk disk{folder / "disk"};
    if (!disk.mounted()) return;
    const auto full = run("fedgram", {"run", folder / "tiny.json", "--out", folder / "disk" / "run", "--set",
                                      more_rounds, "--checkpoint-interval", "0"});
    INFO(full.err);
    CHECK(full.exit_code == 5);
    CHECK_THAT(full.err, Catch::Contains("can't be written: No space left on device"));
    for (const std::string file : {"rounds.jsonl", "ledger.jsonl"}) {
        const auto text = read_file(folder / "disk" / "run" / file);
        CHECK((text.empty() || text.back() == '\n'));
    }
    disk.grow();
    check_resumes(folder, folder / "disk" / "run");
}

TEST_CASE("A folder that can't be written to is named, with the way out", "[faults]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const SmallDisk disk{folder / "disk"};
    if (!disk.mounted()) return;
    REQUIRE(run("fedgram", {"resolve", folder / "tiny.json", "--out", folder / "disk" / "spec.json"}).exit_code == 0);
    disk.close_to_writing();
    const std::string out = folder / "disk" / "run";
    for (const auto& outcome :
         {run("fedgram", {"run", folder / "tiny.json", "--out", out}),
          run("fedgram-coordinator", {"--spec", folder / "disk" / "spec.json", "--out", out}),
          run("fedgram-coordinator", {"--spec", folder / "disk" / "spec.json", "--out", folder / "disk"})}) {
        INFO(outcome.err);
        CHECK(outcome.exit_code == 5);
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
        CHECK_THAT(outcome.err, Catch::Contains(folder / "disk") && Catch::Contains("choose another --out"));
    }
}

TEST_CASE("A run that SIGTERM or SIGINT has ended keeps its results, and goes on", "[faults]")
{
    for (const auto signal : {SIGTERM, SIGINT}) {
        const TemporaryFolder folder;
        write_file(folder / "tiny.json", tiny_spec);
        Process process{"fedgram", {"run", folder / "tiny.json", "--out", folder / "run", "--set", more_rounds}};
        wait_for_rounds(folder / "run", 5);
        process.send(signal);
        const auto outcome = process.wait();
        INFO(outcome.err);
        CHECK(outcome.exit_code == 128 + signal);
        CHECK(std::filesystem::exists(folder / "run" / "table.json"));
        CHECK(std::filesystem::exists(folder / "run" / "central.pt"));
        check_resumes(folder, folder / "run");
    }
}

TEST_CASE("A damaged checkpoint is named, and the run goes on from the one before", "[faults]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    // A kill between the two renames of a checkpoint leaves the one before alone: then again.
    do {
        std::filesystem::remove_all(folder / "run");
        Process process{
            "fedgram",
            {"run", folder / "tiny.json", "--out", folder / "run", "--set", more_rounds, "--checkpoint-interval", "0"}};
        wait_for_rounds(folder / "run", 8);
        process.send(SIGKILL);
        CHECK(process.wait().exit_code == 128 + SIGKILL);
        wait_until_free(folder / "run");
    } while (!std::filesystem::exists(folder / "run" / "checkpoint.bin"));
    auto bytes = read_file(folder / "run" / "checkpoint.bin");
    bytes[bytes.size() / 2] ^= 1;
    write_file(folder / "run" / "checkpoint.bin", bytes);
    check_resumes(folder, folder / "run");
    CHECK_THAT(read_file(folder / "run" / "events.jsonl"), Catch::Contains("checkpoint.bin is damaged"));
}

TEST_CASE("A second run in the same folder is refused, and the first goes on", "[faults]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram",
                    {"run", folder / "tiny.json", "--out", folder / "run", "--set", "federated.max_rounds=100000"}};
    wait_for_rounds(folder / "run", 3);
    const auto before = rounds_of(folder / "run");
    const auto second = run("fedgram", {"run", "--resume", folder / "run"});
    CHECK(second.exit_code == 5);
    CHECK_THAT(second.err, Catch::Contains("another coordinator is at work in it"));
    CHECK(rounds_of(folder / "run") > before);
    process.send(SIGTERM);
    CHECK(process.wait().exit_code == 128 + SIGTERM);
}
