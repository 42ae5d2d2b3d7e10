// How a model is served on this machine, measured: a fedgram-serve for each configuration.

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

const std::string in_float32 = R"({
  "name": "served", "data": {"dataset": "fashion-mnist", "train_samples": 600}, "model": "mlp-32",
  "centralized": {"max_epochs": 1}, "trainings": [{"label": "central", "kind": "centralized"}]
})";

std::string in_int8_too()
{
    auto spec = json::parse(in_float32);
    spec["reductions"] = json::parse(R"([{"label": "int8", "training": "central",
                                          "levers": [{"lever": "quantize", "calibration_samples": 50}]}])");
    return spec.dump();
}

class ServedRun {
public:
    explicit ServedRun(const std::string& spec = in_float32)
    {
        write_file(folder_ / "spec.json", spec);
        const auto outcome = run("fedgram", {"run", folder_ / "spec.json", "--out", path()});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
    }

    [[nodiscard]] std::string path() const { return folder_ / "run"; }
    [[nodiscard]] std::string kept() const { return path() + "/analyses/here"; }
    [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

    [[nodiscard]] std::vector<std::string> words(const std::vector<std::string>& more) const
    {
        std::vector<std::string> words{"analyze",       path(), "--here", "--mode", "manual",
                                       "--concurrency", "4",    "--json", "--out",  kept()};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    [[nodiscard]] Outcome analyzed(const std::vector<std::string>& more,
                                   const std::vector<std::string>& environment = {}) const
    {
        auto outcome = run("fedgram", words(more), environment);
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return outcome;
    }

private:
    TemporaryFolder folder_;
};

/// Whether a server runs of a model in this folder.
bool is_served(const std::string& folder)
{
    for (const auto& process : std::filesystem::directory_iterator{"/proc"}) {
        std::ifstream file{process.path() / "cmdline", std::ios::binary};
        const std::string words{std::istreambuf_iterator<char>{file}, {}};
        if (words.find("fedgram-serve") < words.find('\0') && words.find(folder) != std::string::npos) return true;
    }
    return false;
}

bool becomes(bool served, const std::string& folder)
{
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (is_served(folder) != served) {
        if (std::chrono::steady_clock::now() > give_up) return false;
        ::usleep(10'000);
    }
    return true;
}

}  // namespace

TEST_CASE("A run's models are served and measured here, and what is measured isn't measured again", "[integration]")
{
    const ServedRun served{in_int8_too()};
    const std::vector<std::string> options{"--max-batch", "4",        "--instances", "1", "--seconds-per-measurement",
                                           "0.2",         "--core-w", "4:8:16"};
    const auto first = served.analyzed(options, {"FEDGRAM_SYSFS=" + served.path()});  // where no meter is
    const auto analysis = json::parse(first.out);
    CHECK(analysis.at("measurements") == 3);  // the default, then batches in both forms
    REQUIRE(analysis.at("best").size() == 3);
    for (const auto& best : analysis.at("best")) {
        INFO(best.dump());
        CHECK(best.at("device") == "here");
        CHECK(best.at("failure") == "");
        CHECK(best.at("throughput_per_s") > 100);
        CHECK(best.at("refused") == 0);
        CHECK(best.at("memory_bytes") > 1e6);
        CHECK(best.at("accuracy") > 0);
        CHECK(best.at("joules_per_1000").get<double>() ==
              Approx(8 * best.at("core_seconds_per_1000").get<double>()));  // no PUE: nobody stated one
        CHECK(best.at("gco2e_per_1000") > 0);
        CHECK(best.at("low_joules_per_1000").get<double>() == Approx(best.at("joules_per_1000").get<double>() / 2));
        CHECK(best.at("high_joules_per_1000").get<double>() == Approx(best.at("joules_per_1000").get<double>() * 2));
        CHECK(best.at("usd_per_1000").get<double>() ==
              Approx(best.at("joules_per_1000").get<double>() / 3.6e6 * 0.165));
        CHECK(best.at("usd_for") == "electricity");
        CHECK_THAT(best.at("sku").get<std::string>(), Contains("core"));
        CHECK(best.at("device_seconds_per_1000").get<double>() ==
              Approx(1000 / best.at("throughput_per_s").get<double>()));
        CHECK(best.at("busy_share") > 0);
        CHECK(best.at("busy_share") <= 1);
        CHECK(best.at("loads").size() == 2);
    }
    CHECK_THAT(analysis.at("notes").dump(), Contains("which server and load generator share") &&
                                                Contains("Joules are modelled") && Contains("8 W of a busy core"));

    const auto again = served.analyzed(options, {"FEDGRAM_SYSFS=" + served.path()});
    CHECK(again.out == first.out);
    CHECK(again.err.empty());
}

TEST_CASE("Where the machine has a meter its joules are measured", "[integration]")
{
    const ServedRun served;
    const auto sys = served.folder().path() / "sys";
    const auto chip = sys / "class/hwmon/hwmon0";
    std::filesystem::create_directories(chip);
    write_file(chip / "name", "power_meter\n");
    write_file(chip / "power1_input", "25000000\n");  // 25 W at the wall
    const auto best = json::parse(served
                                      .analyzed({"--max-batch", "1", "--instances", "1", "--seconds-per-measurement",
                                                 "0.9", "--core-w", "8", "--pue", "2"},
                                                {"FEDGRAM_SYSFS=" + sys.string()})
                                      .out)
                          .at("best")[0];
    // Joules of an answer times answers a second; the answers behind the windows may be more or less frequent.
    const double watts = best.at("joules_per_1000").get<double>() / 1000 * best.at("throughput_per_s").get<double>();
    CHECK(watts > 50. / 3);
    CHECK(watts < 50. * 3);
    CHECK(best.at("low_joules_per_1000").is_null());  // a meter's error isn't known
}

TEST_CASE("An analysis that is stopped or killed leaves no server behind", "[integration]")
{
    const ServedRun served;
    for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
        Process process{"fedgram", served.words({"--max-batch", "1", "--seconds-per-measurement", "30"})};
        REQUIRE(becomes(true, served.path()));
        process.send(signal);
        CHECK(process.wait().exit_code == 128 + signal);
        CHECK(becomes(false, served.path()));
    }
    Process calibration{"fedgram",
                        {"calibrate", "--id", "pc", "--serving", served.path(), "--seconds-per-measurement", "30"}};
    REQUIRE(becomes(true, served.path()));
    calibration.send(SIGTERM);
    CHECK(calibration.wait().exit_code == 128 + SIGTERM);
    CHECK(becomes(false, served.path()));
}

TEST_CASE("A record of how this machine serves is measured, and an analysis goes by it", "[integration]")
{
    const ServedRun served;
    const auto record = (served.folder() / "pc.json");
    const auto calibrated = run("fedgram", {"calibrate", "--id", "pc", "--serving", served.path(), "--core-w", "7",
                                            "--seconds-per-measurement", "0.1", "--out", record});
    INFO(calibrated.err);
    REQUIRE(calibrated.exit_code == 0);
    CHECK(calibrated.out.empty());
    CHECK_THAT(calibrated.err, Contains("load that wasn't fitted") && Contains("open loop, 80 % of capacity") &&
                                   Contains("other loads were stable"));
    const auto profile = json::parse(read_file(record));
    REQUIRE(profile.at("forms").size() == 1);
    const auto& form = profile.at("forms")[0];
    CHECK(form.at("engine_s")[0][0] == 1);
    CHECK(form.at("figures").at("batch_s").at("standing") == "fitted");
    CHECK(form.at("figures").at("server_batch_core_s").at("value") > 0);

    const auto analyzed = run("fedgram", {"analyze", served.path(), "--device", record, "--mode", "manual",
                                          "--concurrency", "1", "--max-batch", "1", "--instances", "1", "--json"});
    INFO(analyzed.err);
    REQUIRE(analyzed.exit_code == 0);
    const auto analysis = json::parse(analyzed.out);
    CHECK_THAT(analysis.at("notes").dump(), Contains("pc, float32: ") && Contains("us a batch"));
    const auto best = analysis.at("best")[0];
    CHECK(best.at("throughput_per_s") > 100);
    CHECK(best.at("joules_per_1000").get<double>() ==
          Approx(7 * best.at("core_seconds_per_1000").get<double>()).epsilon(1e-6));
    CHECK_THAT(run("fedgram", {"devices", record}).out, Contains("as measured in its server"));
}

TEST_CASE("What can't be calibrated by serving is refused, and nothing is written", "[integration]")
{
    const TemporaryFolder folder;
    const std::string record = folder / "pc.json";
    const auto refused = [&](const std::vector<std::string>& more) {
        std::vector<std::string> words{"calibrate", "--id", "pc", "--out", record};
        words.insert(words.end(), more.begin(), more.end());
        auto outcome = run("fedgram", words);
        CHECK(outcome.exit_code != 0);
        CHECK_FALSE(std::filesystem::exists(record));
        return outcome.err;
    };
    CHECK_THAT(refused({"--serving", folder / "none"}), Contains("none"));
    CHECK_THAT(refused({"--serving", folder / "none", "--train-w", "7"}), Contains("--train-w"));
    CHECK_THAT(refused({"--training", "central"}), Contains("--run or --serving"));
    CHECK_THAT(refused({"--core-w", "7"}), Contains("--serving"));
}

TEST_CASE("A record is refused before minutes of measuring", "[integration]")
{
    const TemporaryFolder folder;
    const auto refused = [&](const std::string& id, const std::string& out) {
        const auto outcome = run("fedgram", {"calibrate", "--id", id, "--serving", folder / "none", "--out", out});
        CHECK(outcome.exit_code != 0);
        return outcome.err;
    };
    CHECK_THAT(refused("", folder / "pc.json"), Contains("--id: is empty; give a value"));
    CHECK_THAT(refused("a\nb", folder / "pc.json"), Contains(R"(--id: "a\x0ab" is not valid)"));
    CHECK_THAT(refused("pc", folder / "other/pc.json"), Contains("can't be written: No such file or directory"));
    CHECK_THAT(refused("pc", folder.path()), Contains("is a folder; choose another --out"));
    write_file(folder / "summary.json", R"({"mine": 1})");
    CHECK_THAT(refused("pc", folder / "summary.json"), Contains("is there and no serving record"));
    CHECK(read_file(folder / "summary.json") == R"({"mine": 1})");
}

TEST_CASE("What this machine failed at is tried again, told with the server's reason, and not kept", "[integration]")
{
    const ServedRun served;
    const auto bin = served.folder().path() / "bin";
    std::filesystem::create_directory(bin);
    std::filesystem::copy_file(program("fedgram"), bin / "fedgram");
    const auto serve = bin / "fedgram-serve";
    const auto becomes_server = [&](const std::string& script) {
        write_file(serve, "#!/bin/sh\n" + script);
        std::filesystem::permissions(serve, std::filesystem::perms::owner_all);
    };
    const auto words = served.words({"--max-batch", "1", "--instances", "1", "--seconds-per-measurement", "0.2"});
    const auto measurements = std::filesystem::path{served.kept()} / "measurements.jsonl";
    const auto lines = [&] {
        const auto text = read_file(measurements);
        return std::count(text.begin(), text.end(), '\n');
    };
    const std::string reason = "here: fedgram-serve ended before it listened, by exit code 5: there is no room";

    becomes_server("echo 'fedgram-serve: there is no room' >&2\nexit 5\n");
    const auto failed = run(bin / "fedgram", words);
    CHECK(failed.exit_code == 5);
    CHECK_THAT(failed.err, Contains("fedgram: nothing could be run: " + reason));
    CHECK_THAT(json::parse(failed.out).at("sentence").get<std::string>(), Contains("none could be run: " + reason));
    CHECK(lines() == 1);  // whose it is
    CHECK_FALSE(std::filesystem::exists(served.kept() + "/analysis.json"));

    // The first server ends while it is loaded; the next ones are the real one.
    const auto real = "exec '" + program("fedgram-serve") + "' \"$@\"\n";
    const auto once = (served.folder() / "once").string();
    becomes_server("test -e '" + once + "' || { touch '" + once + "'; (sleep 0.3; kill -9 $$) & }\n" + real);
    const auto outcome = run(bin / "fedgram", words);
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    const auto analysis = json::parse(outcome.out);
    CHECK(analysis.at("best")[0].at("failure") == "");
    CHECK(analysis.at("kept_measurements") == lines() - 1);
    CHECK_THAT(analysis.at("notes").dump(), !Contains("failed on this machine"));
    CHECK(std::filesystem::exists(once));
}

TEST_CASE("More than fedgram-serve takes is refused before anything is measured", "[integration]")
{
    const ServedRun served;
    const auto refused = [&](const std::string& option, const std::string& server_option, int most) {
        const auto more = std::to_string(most + 1);
        const auto outcome = run(
            "fedgram", {"analyze", served.path(), "--here", "--mode", "manual", option, more, "--out", served.kept()});
        CHECK(outcome.exit_code == 2);
        CHECK(outcome.err == "fedgram: " + option + ": " + more + " is not valid; use whole numbers from 1 to " +
                                 std::to_string(most) + "\n");
        CHECK_FALSE(std::filesystem::exists(served.kept()));
        // So does the server itself.
        CHECK(run("fedgram-serve", {served.path() + "/central.pt", server_option, more}).exit_code == 2);
    };
    refused("--max-batch", "--max-batch", 1024);
    refused("--instances", "--instances", 256);
    refused("--concurrency", "--queue-limit", 1'000'000);
}

TEST_CASE("An analysis of a run whose path has a newline is read again", "[integration]")
{
    const ServedRun served;
    const auto moved = served.folder().path() / "two\nlines";
    std::filesystem::rename(served.path(), moved);
    const auto outcome = run("fedgram", {"analyze", moved, "--device", "t4", "--mode", "manual", "--concurrency", "4",
                                         "--max-batch", "1", "--json", "--out", moved / "analyses/t4"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(json::parse(outcome.out).at("model").get<std::string>(), Contains(R"(two\x0alines)"));
    const auto state = [&] {
        return json::parse(run("fedgram", {"list", served.folder().path(), "--json"}).out).at("analyses")[0];
    };
    CHECK(state().at("state") == "whole");
    write_file(moved / "analyses/t4/analysis.json", "{}");
    CHECK_THAT(state().at("error").get<std::string>(),
               Contains(R"(two\x0alines/analyses/t4/analysis.json)") && Contains("missing"));
}

TEST_CASE("An analysis that is killed goes on with what it had measured", "[integration]")
{
    const ServedRun served;
    const auto measurements = std::filesystem::path{served.kept()} / "measurements.jsonl";
    const auto written = [&] { return std::filesystem::exists(measurements) ? read_file(measurements) : ""; };
    const auto whole_lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
    const std::vector<std::string> options{"--max-batch", "1,2,4,8", "--instances", "1", "--seconds-per-measurement",
                                           "0.2"};
    Process process{"fedgram", served.words(options)};
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (whole_lines(written()) < 3 && std::chrono::steady_clock::now() < give_up) ::usleep(1'000);
    process.send(SIGKILL);
    CHECK(process.wait().exit_code == 128 + SIGKILL);
    const auto before = written();
    REQUIRE(whole_lines(before) >= 3);
    CHECK_FALSE(std::filesystem::exists(measurements.parent_path() / "analysis.json"));

    const auto outcome = served.analyzed(options);
    const auto after = written();
    CHECK(after.substr(0, before.rfind('\n') + 1) == before.substr(0, before.rfind('\n') + 1));
    CHECK(whole_lines(after) == whole_lines(before) + whole_lines(outcome.err));  // each once
    CHECK(read_file(measurements.parent_path() / "analysis.json") == outcome.out);
}

TEST_CASE("Nothing is served here but a run, and either here or on a device", "[integration]")
{
    CHECK_THAT(run("fedgram", {"analyze", "small-cnn", "--here"}).err,
               Contains("small-cnn is no run") && Contains("--device"));
    CHECK(run("fedgram", {"analyze", "small-cnn", "--here", "--device", "t4"}).exit_code == 2);
    CHECK(run("fedgram", {"analyze", "small-cnn"}).exit_code == 2);
    CHECK(run("fedgram", {"analyze", "small-cnn", "--device", "t4", "--core-w", "7"}).exit_code == 2);
}
