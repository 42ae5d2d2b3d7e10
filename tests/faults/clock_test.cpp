#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/faults/hand_started_run.hpp"
#include "tests/support/places.hpp"

using namespace fedgram::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const std::string spec = R"({
  "name": "clock", "seed": 8, "data": {"dataset": "fashion-mnist", "train_samples": 600}, "model": "mlp-32",
  "federated": {"nodes": 2, "learning_rate": 0.05, "local_epochs": 3, "max_rounds": 200, "quorum": 1, "silence_deadline_s": 10,
                "round_deadline_s": 40},
  "trainings": [{"label": "iid", "kind": "federated"}]
})";

/// The wall clock of the processes that are started in `environment()`, until the object is gone.
class JumpingClock {
public:
    explicit JumpingClock(const std::filesystem::path& file)
        : file_{file}, descriptor_{::open(file.c_str(), O_RDWR | O_CREAT, 0600)}
    {
        jump_to(0s);
    }
    JumpingClock(const JumpingClock&) = delete;
    JumpingClock& operator=(const JumpingClock&) = delete;
    ~JumpingClock() { ::close(descriptor_); }

    /// So far from the true time.
    void jump_to(std::chrono::seconds from_true_time) const
    {
        const std::int64_t seconds = from_true_time.count();
        REQUIRE(::pwrite(descriptor_, &seconds, sizeof seconds, 0) == sizeof seconds);
    }

    [[nodiscard]] std::vector<std::string> environment() const
    {
        // AddressSanitizer wants to be loaded first unless it is told otherwise.
        const char* const given = std::getenv("ASAN_OPTIONS");
        return {"LD_PRELOAD=" + jumping_clock_library().string(), "FEDGRAM_JUMPING_CLOCK=" + file_.string(),
                "ASAN_OPTIONS=verify_asan_link_order=0" + (given ? ":" + std::string{given} : "")};
    }

private:
    std::filesystem::path file_;
    int descriptor_;
};

/// How far the run's own time of this event is from the true time of now.
std::chrono::seconds away_from_true_time(const HandStartedRun& run, const std::string& event)
{
    std::istringstream text{run.events(event).at(0).at("time").get<std::string>()};
    std::tm time{};
    text >> std::get_time(&time, "%Y-%m-%dT%H:%M:%S");
    return std::chrono::seconds{::timegm(&time) - std::time(nullptr)};
}

}  // namespace

TEST_CASE("A wall clock that jumps in mid-run changes nothing, but the times of day and who is let in", "[faults]")
{
    const TemporaryFolder folder;
    const std::string certificates = folder / "certs";
    REQUIRE(run("fedgram", {"certs", "--out", certificates, "--nodes", "2", "--days", "30"}).exit_code == 0);
    const JumpingClock clock{folder / "clock"};
    HandStartedRun disturbed{spec, {}, {"--tls", certificates}, clock.environment()};
    const auto join_as_1 = [&] {
        return run("fedgram-client", {"--connect", disturbed.address(), "--nodes", "1", "--tls", certificates});
    };

    // No certificate is valid in forty days: to the coordinator, that is, for this client has the true time.
    clock.jump_to(40 * 24h);
    const auto refused = join_as_1();
    CHECK(refused.exit_code == 4);
    CHECK_THAT(refused.err, Catch::Contains("it has expired, or is not valid yet"));
    clock.jump_to(-40 * 24h);
    CHECK(join_as_1().exit_code == 4);

    clock.jump_to(10 * 24h);
    disturbed.start_client("0", {}, {"--tls", certificates});
    disturbed.start_client("1", {}, {"--tls", certificates});
    REQUIRE(disturbed.comes_true([&] { return !disturbed.lines("rounds").empty(); }));
    CHECK(std::chrono::abs(away_from_true_time(disturbed, "started") - 10 * 24h) < 1h);
    std::size_t jumps = 0;
    static_cast<void>(disturbed.comes_true([&] {
        constexpr std::chrono::seconds from_true_time[] = {-400 * 24h, 3h, 400 * 24h, -3h, -20 * 24h};
        clock.jump_to(from_true_time[++jumps % 5]);
        std::this_thread::sleep_for(20ms);
        return disturbed.lines("rounds").size() >= 180;
    }));
    clock.jump_to(-20 * 24h);
    disturbed.check_ends_well();
    CHECK(jumps > 5);
    CHECK(std::chrono::abs(away_from_true_time(disturbed, "finished") + 20 * 24h) < 1h);
    CHECK(disturbed.events("client_lost").empty());
    CHECK(disturbed.events("round_expired").empty());
    disturbed.check_equals_undisturbed(200, 2);
}
