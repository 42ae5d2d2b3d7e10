#include "experiments/commands/analyze.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/analysis_file.hpp"
#include "experiments/analyzing/analysis_folder.hpp"
#include "tests/support/captured_output.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using Json = nlohmann::ordered_json;

namespace {

std::string output_of(const AnalyzeOptions& options)
{
    const test::CapturedOutput output;
    CHECK(analyze(options) == 0);
    return output.text();
}

AnalyzeOptions on_t4(const std::string& model)
{
    AnalyzeOptions options;
    options.subject = model;
    options.devices = {"t4"};
    return options;
}

/// 1 and 8 at a batch, one and two instances.
AnalyzeOptions by_hand()
{
    auto options = on_t4("resnet-50");
    options.mode = "manual";
    options.numbers = {"int8"};
    options.max_batches = {1, 8};
    options.instances = {1, 2};
    options.concurrencies = {32};
    return options;
}

/// One of these, beside the default.
AnalyzeOptions in_batches()
{
    auto options = by_hand();
    options.max_batches = {8};
    options.instances = {1};
    return options;
}

}  // namespace

TEST_CASE("What an option of an analysis holds is refused by the option's own name", "[analyzing]")
{
    const auto refused = [](auto change, const std::string& text) {
        auto options = by_hand();
        change(options);
        CHECK_THROWS_WITH(analyze(options), text);
    };
    refused([](auto& options) { options.max_memory_mb = -1; },
            "--max-memory-mb: -1 is not valid; use a number above 0");
    refused([](auto& options) { options.max_memory_mb = 1e303; },
            "--max-memory-mb: 1e+303 is not valid; use a number above 0");
    refused(
        [](auto& options) {
            options.objectives = {"joules=1e300", "p99=1"};
        },
        "--objective: \"joules=1e300\" is not valid; use a weight from 1e-06 to 1e+06");
    for (const double rate : {0.0, 1e-6, 1e12})
        CHECK_THROWS_WITH(
            analyze([&] {
                auto options = by_hand();
                options.concurrencies.clear();
                options.load_rates = {rate};
                return options;
            }()),
            StartsWith("--load-rate: ") && EndsWith("is not valid; use requests a second, from 0.001 to 1000000000"));
}

TEST_CASE("What is given twice is looked at once, and the least load rate is measured", "[analyzing]")
{
    auto twice = by_hand();
    twice.max_batches = {8, 1, 8};
    twice.concurrencies = {32, 32};
    CHECK(output_of(twice) == output_of(by_hand()));
    auto slow = in_batches();
    slow.concurrencies.clear();
    slow.load_rates = {1e-3, 1e-3};
    CHECK_THAT(output_of(slow), Contains("0.001"));
}

TEST_CASE("A bound that nothing comes near is printed in a few digits", "[analyzing]")
{
    auto options = by_hand();
    options.max_p99_ms = 1e300;
    CHECK_THAT(output_of(options), Contains("p99 latency at most 1e+300 ms"));
    options.max_p99_ms = 1e-300;
    CHECK_THAT(output_of(options), Contains("1e-300 ms"));
}

TEST_CASE("An analysis says in a sentence what it found, and the same each time", "[analyzing]")
{
    auto options = on_t4("resnet-50");
    options.max_p99_ms = 15;
    options.country = "FRA";
    options.rate = 5000;
    const auto text = output_of(options);
    CHECK_THAT(text, StartsWith("In ") && Contains(" measurements across ") &&
                         Contains(" times the throughput of the default configuration (") &&
                         Contains("), under the given constraints, on t4."));
    CHECK_THAT(text, Contains("Constraints: p99 latency at most 15.0 ms.\n") && Contains("10 % of capacity") &&
                         Contains("as stated") && Contains("In virtual time on device profiles, not measured"));
    CHECK(output_of(options) == text);
}

TEST_CASE("Joules at a tenth of the load are more than at capacity, and part of them is idle", "[analyzing]")
{
    auto options = by_hand();
    options.rate = 5000;
    options.json = true;
    const auto best = Json::parse(output_of(options))["best"][0];
    const auto& loads = best["loads"];
    CHECK(loads[1]["joules_per_1000"] > loads[0]["joules_per_1000"].get<double>() * 1.5);
    CHECK(loads[1]["idle_share"] > 0.2);
    CHECK(loads[0]["idle_share"] == 0);
    CHECK(loads[2]["devices"] == std::floor(5000 / loads[0]["requests_per_s"].get<double>()) + 1);
    CHECK(loads[0]["gco2e_per_1000"].is_null());  // nobody said where it is
}

TEST_CASE("By hand all that is stated is measured, the default first", "[analyzing]")
{
    auto options = by_hand();
    options.csv = true;
    const auto csv = output_of(options);
    CHECK(std::ranges::count(csv, '\n') == 1 + 4);
    CHECK_THAT(csv, Contains("\nt4,int8,int8,1,1,0,32,,"));
    CHECK_THAT(csv, Contains("\nt4,int8,int8,8,2,0,32,,"));
}

TEST_CASE("An analysis is kept in a folder, which says what was printed", "[analyzing]")
{
    const test::TemporaryFolder folder;
    auto options = by_hand();
    options.max_p99_ms = 15;
    options.rate = 5000;
    options.json = true;
    options.out = folder / "run/analyses/t4";
    const auto json = output_of(options);
    CHECK(test::read_file(*options.out / "analysis.json") == json);
    CHECK_THAT(test::read_file(*options.out / "curves.svg"), StartsWith("<?xml"));
    options.out.reset();
    CHECK(output_of(options) == json);
    options.json = false;
    options.csv = true;
    CHECK(test::read_file(folder / "run/analyses/t4/measurements.csv") == output_of(options));

    const auto analysis = run::read_analysis(folder / "run/analyses/t4");
    CHECK(analysis.name == "t4");
    CHECK(analysis.model == "resnet-50");
    CHECK(analysis.devices == std::vector<std::string>{"t4"});
    CHECK(analysis.goal == "maximizing throughput; p99 latency at most 15.0 ms");
    REQUIRE(analysis.best.size() == 3);
    CHECK(analysis.best.front().load == "32 clients");
    CHECK_THAT(analysis.sentence, Contains(analysis.best.front().words));
    CHECK(analysis.best.front().loads.size() == 3);
    CHECK(analysis.by_default);
}

TEST_CASE("An analysis that was killed goes on in its folder, to the same end", "[analyzing]")
{
    const test::TemporaryFolder folder;
    auto options = on_t4("small-cnn");
    options.out = folder / "analysis";
    const auto text = output_of(options);
    const auto files = {"measurements.jsonl", "measurements.csv", "curves.svg", "analysis.json"};
    const auto content = [&] {
        std::string all;
        for (const auto* file : files) all += test::read_file(*options.out / file);
        return all;
    };
    const auto whole = content();
    const auto lines = test::read_file(*options.out / "measurements.jsonl");
    REQUIRE(std::ranges::count(lines, '\n') > 10);
    for (std::size_t kept = 0; kept < lines.size(); kept += lines.size() / 7) {
        std::filesystem::remove(*options.out / "analysis.json");
        test::write_file(*options.out / "measurements.jsonl", lines.substr(0, kept));
        CHECK(output_of(options) == text);
        CHECK(content() == whole);
    }
    CHECK(output_of(options) == text);
    CHECK(content() == whole);
}

TEST_CASE("A folder of another analysis is refused and stays as it is", "[analyzing]")
{
    const test::TemporaryFolder folder;
    auto options = on_t4("small-cnn");
    options.out = folder / "analysis";
    CHECK_FALSE(output_of(options).empty());
    const auto kept = test::read_file(*options.out / "analysis.json");
    const auto refused = [&](const AnalyzeOptions& other, const std::string& why) {
        CHECK_THROWS_AS(analyze(other), SpecError);
        CHECK_THROWS_WITH(analyze(other), "--out: " + options.out->string() + why + "; choose another --out");
        CHECK(test::read_file(*options.out / "analysis.json") == kept);
    };
    const std::string other_analysis = " holds another analysis, maximizing throughput, or by other options";
    auto other = options;
    other.pue = 1.1;
    refused(other, " holds measurements of other models, devices or prices");
    other = options;
    other.max_p99_ms = 10;
    refused(other, other_analysis);
    other = options;
    other.mode = "brute";
    refused(other, other_analysis);
    other = options;
    other.rate = 100;
    refused(other, other_analysis);
    other = options;
    other.max_batches = {1, 2};
    refused(other, other_analysis);
}

TEST_CASE("A measurement that was altered is found by its line, and nothing is done", "[analyzing]")
{
    const test::TemporaryFolder folder;
    auto options = by_hand();
    options.out = folder / "analysis";
    CHECK_FALSE(output_of(options).empty());
    const auto path = *options.out / "measurements.jsonl";
    auto lines = test::read_file(path);
    auto throughput = lines.find("throughput_per_s\":", lines.find('\n', lines.find('\n') + 1)) + 18;
    lines[throughput] = lines[throughput] == '9' ? '8' : '9';
    test::write_file(path, lines);
    CHECK_THROWS_AS(analyze(options), DataError);
    CHECK_THROWS_WITH(analyze(options), StartsWith(path.string() + ":3: the line is damaged or not in its place"));
    CHECK(test::read_file(path) == lines);
}

TEST_CASE("What somebody else keeps in a place stays there", "[analyzing]")
{
    const test::TemporaryFolder folder;
    auto options = on_t4("small-cnn");
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    test::write_file(folder / "mine.json", "mine");
    for (const auto& place : std::vector<std::filesystem::path>{"/dev/full", folder / "fifo", folder / "mine.json"}) {
        options.out = place;
        CHECK_THROWS_AS(analyze(options), SystemError);
        CHECK_THROWS_WITH(analyze(options), "--out: " + place.string() +
                                                " is there and no folder that an analysis can be kept in; choose "
                                                "another --out");
    }
    options.out = folder.path();
    CHECK_THROWS_AS(analyze(options), SystemError);
    CHECK_THROWS_WITH(analyze(options), EndsWith(" is not empty and holds no analysis; choose another --out"));
    options.out = folder / "mine.json/analysis";
    CHECK_THROWS_WITH(analyze(options), Contains("can't be made: Not a directory"));

    options.out = folder / "other";
    std::filesystem::create_directory(*options.out);
    for (const std::string text : {"{}", "mine", "{}\n", "[]\n", "mine\n"}) {
        CAPTURE(text);
        test::write_file(*options.out / "measurements.jsonl", text);
        CHECK_THROWS_AS(analyze(options), DataError);
        CHECK_THROWS_WITH(analyze(options), (*options.out / "measurements.jsonl").string() +
                                                ":1: this is no line of fedgram analyze; choose another --out");
        CHECK(test::read_file(*options.out / "measurements.jsonl") == text);
    }
}

TEST_CASE("Files that can't be written, or are others', are refused before anything is measured", "[analyzing]")
{
    const test::TemporaryFolder folder;
    auto options = by_hand();
    options.out = folder / "analysis";
    const auto refused = [&](const std::string& why) {
        CHECK_THROWS_WITH(analyze(options), why);
        CHECK_FALSE(std::filesystem::exists(*options.out));
    };
    const auto other = folder / "summary.json";
    test::write_file(other, "{}");
    options.svg = other;
    refused(other.string() + " is there and no drawing; choose another --svg");
    CHECK(test::read_file(other) == "{}");
    options.svg = folder / "none/curves.svg";
    refused("--svg: " + options.svg->string() + " can't be written: No such file or directory; choose another --svg");
    options.svg = folder.path();
    refused("--svg: " + options.svg->string() + " is a folder; choose another --svg");
    options.svg = folder / "both";
    options.html = folder / "./both";
    refused("--html: " + options.html->string() + " is the file of --svg, too; choose another --html");
    options.svg.reset();
    for (const std::string name : {"analysis.json", "measurements.jsonl", "measurements.csv", "curves.svg", "lock"}) {
        options.html = *options.out / name;
        refused("--html: " + options.html->string() + " is a file of the analysis in --out; choose another --html");
    }

    options.html = *options.out / "page.html";  // its folder is made by then
    options.svg = folder / "again.svg";
    const auto text = output_of(options);
    CHECK(output_of(options) == text);
    CHECK_THAT(test::read_file(*options.html), StartsWith("<!DOCTYPE html>"));
    CHECK_FALSE(std::filesystem::exists(folder / "again.svg.tmp"));
}

TEST_CASE("What can't be written at the end costs nothing that is printed", "[analyzing]")
{
    const test::TemporaryFolder folder;
    auto options = by_hand();
    const auto text = output_of(options);
    options.out = folder / "analysis";
    std::filesystem::create_directories(*options.out / "curves.svg");
    test::write_file(*options.out / "measurements.jsonl", "");
    const test::CapturedOutput output;
    CHECK_THROWS_AS(analyze(options), SystemError);
    CHECK(output.text() == text);
}

TEST_CASE("Measurements that are gone, or are no file, are said", "[analyzing]")
{
    const test::TemporaryFolder folder;
    auto options = by_hand();
    options.out = folder / "analysis";
    CHECK_FALSE(output_of(options).empty());
    const auto measurements = *options.out / "measurements.jsonl";
    std::filesystem::remove(measurements);
    CHECK_THROWS_AS(analyze(options), DataError);
    CHECK_THROWS_WITH(analyze(options), measurements.string() +
                                            " is missing, though the analysis was whole; put it "
                                            "back, or choose another --out");
    REQUIRE(::mkfifo(measurements.c_str(), 0600) == 0);
    CHECK_THROWS_AS(analyze(options), SystemError);
    CHECK_THROWS_WITH(analyze(options), measurements.string() + " is no regular file, and isn't read; remove it");
}

TEST_CASE("One analysis keeps a folder at a time", "[analyzing]")
{
    const test::TemporaryFolder folder;
    auto options = on_t4("small-cnn");
    options.out = folder / "analysis";
    {
        const AnalysisFolder other{*options.out, {"a", "b", "c"}};
        CHECK_THROWS_AS(analyze(options), SystemError);
        CHECK_THROWS_WITH(analyze(options), options.out->string() +
                                                " can't be used: another analysis is at work in it; wait until it "
                                                "ends, or choose another --out");
        CHECK_FALSE(run::is_whole_analysis(*options.out));
    }
    std::filesystem::remove(*options.out / "measurements.jsonl");
    CHECK_FALSE(output_of(options).empty());  // the lock went with its keeper
}

TEST_CASE("The curves are drawn as SVG, and stand with all else in a page", "[analyzing]")
{
    const test::TemporaryFolder folder;
    auto options = on_t4("resnet-50");
    options.max_p99_ms = 15;
    options.svg = folder / "curves.svg";
    options.html = folder / "page.html";
    const auto text = output_of(options);
    const auto svg = test::read_file(*options.svg);
    CHECK_THAT(svg, StartsWith("<?xml") && Contains("Throughput (answers/s)") && Contains("Memory (MB)") &&
                        Contains("Dashed and grey: constraints."));
    const auto page = test::read_file(*options.html);
    CHECK_THAT(page, StartsWith("<!DOCTYPE html>") && Contains("<svg") && Contains(text.substr(0, 40)) &&
                         Contains("<p>In ") && Contains("svg{width:48rem;") &&
                         Contains("<p>In virtual time on device profiles") && !Contains("<?xml") &&
                         !Contains("\xEF\xBF\xBD"));
    test::write_file(*options.html, "mine");
    CHECK_THROWS_WITH(analyze(options), Contains("is there and no page"));
}

TEST_CASE("A constraint that nothing keeps is said, with what comes closest", "[analyzing]")
{
    auto options = on_t4("resnet-50");
    options.max_p99_ms = 0.1;
    const auto* by_brute_force = "--mode brute may find it";
    CHECK_THAT(output_of(options),
               Contains("none keeps the constraints") && Contains("p99 latency is ") && Contains(by_brute_force));
    options.mode = "brute";
    CHECK_THAT(output_of(options), Contains("none keeps the constraints") && !Contains(by_brute_force));
}

TEST_CASE("At one rate a note says that throughput tells nothing apart", "[analyzing]")
{
    auto options = on_t4("resnet-50");
    const auto* alike = "At one rate all that is stable answers it alike";
    CHECK_THAT(output_of(options), !Contains(alike));
    options.load_rates = {20};
    CHECK_THAT(output_of(options), Contains(alike));
    options.objectives = {"joules"};
    CHECK_THAT(output_of(options), !Contains(alike));
}

TEST_CASE("A quick search that goes by what it expects says that it may miss the best", "[analyzing]")
{
    auto options = on_t4("resnet-50");
    const auto* may_miss = "may miss the best";
    CHECK_THAT(output_of(options), !Contains(may_miss));
    options.min_throughput = 1;
    CHECK_THAT(output_of(options), Contains(may_miss));
    options.mode = "brute";
    CHECK_THAT(output_of(options), !Contains(may_miss));
}

TEST_CASE("A least accuracy is a fraction of 1", "[analyzing]")
{
    auto options = on_t4("resnet-50");
    options.min_accuracy = 95;
    CHECK_THROWS_WITH(analyze(options), "--min-accuracy: 95 is more than 1; give a fraction of 1, such as 0.95");
}

TEST_CASE("What is computed in the same numbers twice is looked at once", "[analyzing]")
{
    auto options = by_hand();
    const auto once = output_of(options);
    options.numbers = {"int8", "int8"};
    CHECK(output_of(options) == once);
}

TEST_CASE("A load that breaks a constraint is marked so", "[analyzing]")
{
    auto options = by_hand();
    options.rate = 5000;
    options.json = true;
    const auto kept = [&] {
        std::vector<bool> rows;
        const auto report = Json::parse(output_of(options));
        for (const auto& row : report["best"][0]["loads"]) rows.push_back(row["keeps_constraints"]);
        return rows;
    };
    CHECK(kept() == std::vector{true, true, true});
    // Requests pile up at capacity; at a tenth of it nothing has to wait for long.
    options.max_p99_ms = 30;
    CHECK(kept() == std::vector{false, true, true});
    // Waiting takes more joules than a busy device does.
    options.max_p99_ms.reset();
    const auto loads = Json::parse(output_of(options))["best"][0]["loads"];
    options.max_joules = (loads[0]["joules_per_1000"].get<double>() + loads[1]["joules_per_1000"].get<double>()) / 2;
    CHECK(kept() == std::vector{true, false, true});
    options.json = false;
    CHECK_THAT(output_of(options), Contains("broken\n"));
}

TEST_CASE("An objective that nobody knows is refused with the way out", "[analyzing]")
{
    auto options = on_t4("resnet-50");
    const auto refused = [&](const std::string& word, const std::string& way_out) {
        options.objectives = {"throughput", word};
        CHECK_THROWS_WITH(analyze(options),
                          StartsWith("--objective: \"" + word + "\" can't be looked for: ") && Contains(way_out));
    };
    refused("grams", "give --country");
    refused("accuracy", "nobody evaluated resnet-50; give the folder of a run");
    refused("core-seconds", "give --here");
    options.devices = {"brainwave-arria-10"};
    refused("joules", "the watts of no device that was named are known");
    options.country = "FRA";
    refused("grams", "the watts of no device that was named are known");
    options.devices = {"t4", "tpu-v4"};
    refused("usd", "the rent of some devices isn't known");
    options.devices = {"t4"};
    options.objectives = {"usd"};
    CHECK_THAT(output_of(options), Contains("minimizing USD per 1000 answers"));
    options.objectives = {"grams"};
    CHECK_THAT(output_of(options), Contains("minimizing grams of CO2e per 1000 answers"));
}

TEST_CASE("A constraint on what nobody knows is refused with the way out", "[analyzing]")
{
    const auto refused = [](auto bound, double value, const std::string& line) {
        auto options = on_t4("resnet-50");
        options.*bound = value;
        CHECK_THROWS_WITH(analyze(options), StartsWith(line));
    };
    refused(&AnalyzeOptions::max_grams, 1, "--max-grams-per-1000: 1 can't be kept: nobody says where the devices are");
    refused(&AnalyzeOptions::min_accuracy, 0.5, "--min-accuracy: 0.5 can't be kept: nobody evaluated resnet-50");
    refused(&AnalyzeOptions::max_core_seconds, 2, "--max-core-seconds-per-1000: 2 can't be kept: it is known of what");
    auto options = on_t4("resnet-50");
    options.devices = {"brainwave-arria-10"};
    options.max_joules = 5;
    CHECK_THROWS_WITH(analyze(options), StartsWith("--max-joules-per-1000: 5 can't be kept: the watts of no device"));
}

TEST_CASE("Loads may be rates", "[analyzing]")
{
    auto options = on_t4("resnet-50");
    options.mode = "manual";
    options.max_batches = {8};
    options.instances = {1};
    options.load_rates = {200, 100};
    options.csv = true;
    const auto csv = output_of(options);
    CHECK_THAT(csv, Contains(",8,1,0,,100,") && Contains(",8,1,0,,200,"));
    options.load_rates = {0};
    CHECK_THROWS_WITH(analyze(options), "--load-rate: 0 is not valid; use requests a second, from 0.001 to 1000000000");
    options.load_rates = {100, 200};
    options.mode = "quick";
    CHECK_THROWS_WITH(analyze(options), StartsWith("load: a quick search takes one rate, not 2"));
}

TEST_CASE("A stated rate is provisioned for the p99, and where no number of devices keeps it the row says so",
          "[analyzing]")
{
    auto options = on_t4("resnet-50");
    options.max_batches = {8};
    options.instances = {1};
    options.rate = 5000;
    options.json = true;
    const auto devices = [&](double p99_ms) {
        options.max_p99_ms = p99_ms;
        return nlohmann::json::parse(output_of(options)).at("best")[0].at("loads")[2];
    };
    const auto loose = devices(1000);
    const auto tight = devices(20);
    CHECK(tight.at("devices") >= loose.at("devices"));
    CHECK(tight.at("p99_ms") <= 20);
    CHECK(tight.at("keeps_constraints") == true);
    CHECK(devices(0.001).at("load") == "as stated, no number keeps the p99");
}

TEST_CASE("Joules may be what is best, or weigh beside others", "[analyzing]")
{
    auto options = on_t4("resnet-50");
    options.objectives = {"joules=2", "throughput"};
    CHECK_THAT(output_of(options), Contains("weighing joules per 1000 answers (weight 2) and throughput (weight 1)"));
    for (const std::string wrong : {"watts", "joules=", "joules=x", "=2"}) {
        options.objectives = {wrong};
        CHECK_THROWS_WITH(analyze(options), StartsWith("--objective: \"" + wrong + "\""));
    }
}

TEST_CASE("Devices that can't take a model are told apart from those that can", "[analyzing]")
{
    auto options = on_t4("small-cnn");
    options.devices = {"tpu-v1"};
    options.numbers = {"fp32"};
    CHECK_THROWS_WITH(analyze(options), StartsWith("--device: none computes in the numbers of small-cnn (tpu-v1 in "
                                                   "int8)"));
    options.numbers = {"int4"};
    CHECK_THROWS_WITH(analyze(options), StartsWith("--numbers: \"int4\" is not valid; use fp32"));
    options.numbers.clear();
    options.devices = {"t4", "T4"};
    CHECK_THROWS_WITH(analyze(options), "--device: t4 is named twice; name each device once");
    options.devices = {"t4"};
    options.max_batches = {0};
    CHECK_THROWS_WITH(analyze(options), StartsWith("--max-batch: 0 is not valid; use whole numbers from 1"));
    options.max_batches.clear();
    options.training = "central";
    CHECK_THROWS_WITH(analyze(options), "--training: small-cnn is no run; leave it out");
    options.training.clear();
    options.rate = 0;
    for (const double rate : {0., 9e-7, 1.1e9}) {
        options.rate = rate;
        CHECK_THROWS_WITH(analyze(options), StartsWith("--rate: ") && EndsWith("from 0.001 to 1000000000"));
    }
}

TEST_CASE("An FPGA's answer says what its clients saw, and a model that doesn't fit says so", "[analyzing]")
{
    auto options = on_t4("resnet-50");
    options.devices = {"brainwave-arria-10"};
    const auto text = output_of(options);
    CHECK_THAT(text, Contains("clients saw") && Contains("p99 is the server's") &&
                         Contains("brainwave-arria-10: its clients saw 10 to 60 ms") &&
                         Contains("its watts aren't known, so neither are joules") && !Contains("isn't kept"));
    // The chip keeps the bound, and its clients don't see that it does.
    options.max_p99_ms = 15;
    CHECK_THAT(output_of(options), Contains("so that for them a p99 of 15.0 ms isn't kept"));
    options.json = true;
    const auto best = Json::parse(output_of(options))["best"][0];
    CHECK(best["keeps_constraints"] == true);
    CHECK(best["client_s"]["low"] == 0.01);
    CHECK(best["client_s"]["value"] == 0.06);
    CHECK(best["usd_for"].is_null());
    CHECK(best["usd_per_1000"].is_null());
    options.json = false;
    options.devices = {"nucleo-l4r5zi"};
    const test::CapturedOutput output;
    CHECK_THROWS_AS(analyze(options), SpecError);
    CHECK_THAT(output.text(), Contains("none could be run: nucleo-l4r5zi: "));
    CHECK_THROWS_WITH(analyze(options), StartsWith("nothing could be run: nucleo-l4r5zi: "));
}

TEST_CASE("Each load has its rent, its device time and how busy the device is", "[analyzing]")
{
    auto options = in_batches();
    options.rate = 5000;
    options.json = true;
    const auto best = Json::parse(output_of(options))["best"][0];
    CHECK(best["sku"] == "NVIDIA T4");
    CHECK(best["usd_for"] == "rent");
    auto rows = best["loads"];
    rows.push_back(best);
    for (const auto& row : rows) {
        INFO(row.dump());
        const auto seconds = row["device_seconds_per_1000"].get<double>();
        CHECK(row["usd_per_1000"].get<double>() == Approx(seconds / 3600 * 0.526));
        CHECK(row["busy_share"] <= 1);
        CHECK(row["low_joules_per_1000"] < row["joules_per_1000"]);
        CHECK(row["high_joules_per_1000"] > row["joules_per_1000"]);
        CHECK(row["network_joules_per_1000"].is_null());
    }
    CHECK(rows[1]["busy_share"] < rows[0]["busy_share"]);
    // As many as it takes are there for a stated rate.
    CHECK(rows[2]["device_seconds_per_1000"].get<double>() ==
          Approx(1000 * rows[2]["devices"].get<double>() / 5000).epsilon(0.03));

    options.json = false;
    CHECK_THAT(output_of(options), Contains("Costs of 1000 answers, by SKU and load:") && Contains("NVIDIA T4") &&
                                       Contains("its rent for the time in which it is there, 0.526 an hour") &&
                                       Contains("Bands of joules and grams") && !Contains("network J"));
}

TEST_CASE("An analysis names the grid, its source, the PUE, the rate and the program", "[analyzing]")
{
    auto options = in_batches();
    options.country = "FRA";
    options.rate = 5000;
    const auto text = output_of(options);
    CHECK_THAT(text, Contains("\nGrams: FRA at 40.48 gCO2e/kWh (ember-2026, 2024). PUE 1.67. --rate 5000. fedgram "));
    options.json = true;
    const auto json = Json::parse(output_of(options));
    CHECK(json["country"] == "FRA");
    CHECK(json["country_is_stated"] == true);
    CHECK(json["grid_gco2e_per_kwh"] == 40.48);
    CHECK(json["grid_source"] == "ember-2026, 2024");
    CHECK(json["pue"] == 1.67);
    CHECK(json["stated_rate_per_s"] == 5000);
    CHECK_THAT(text, Contains("fedgram " + json["version"].get<std::string>() + "."));
    options.country.clear();
    CHECK(Json::parse(output_of(options))["country"].is_null());
}

TEST_CASE("How each figure of a device is known is told, in full where that is asked for", "[analyzing]")
{
    auto options = in_batches();
    const auto text = output_of(options);
    CHECK_THAT(text,
               Contains("\nFigures of t4: ") && Contains("; --figures shows each") && !Contains("standing, source"));
    options.json = true;
    const auto figures = Json::parse(output_of(options))["figures"]["t4"];
    CHECK(figures["rental_usd_per_hour"]["value"] == 0.526);
    for (const auto& [key, figure] : figures.items()) {
        const auto standing = figure["standing"].get<std::string>();
        INFO(key);
        const auto line = text.substr(text.find("Figures of t4: "));
        CHECK((line.substr(0, line.find('\n')).find(key) != std::string::npos) ==
              (standing == "assumed" || standing == "recalled"));
    }
    options.json = false;
    options.figures = true;
    CHECK_THAT(output_of(options), Contains("Figures of t4, serving: likely (low to high), standing, source") &&
                                       Contains("rental_usd_per_hour"));
}

TEST_CASE("Dollars may be bounded", "[analyzing]")
{
    auto options = in_batches();
    options.json = true;
    const auto usd = Json::parse(output_of(options))["best"][0]["usd_per_1000"].get<double>();
    options.max_usd = usd * 1.01;
    CHECK(Json::parse(output_of(options))["best"][0]["keeps_constraints"] == true);
    options.max_usd = usd * 0.5;
    const auto broken = Json::parse(output_of(options));
    CHECK(broken["best"][0]["keeps_constraints"] == false);
    CHECK_THAT(broken["sentence"], Contains("USD per 1000 answers"));
}

TEST_CASE("The network to the clients counts where bytes are given, and a constraint has it", "[analyzing]")
{
    auto options = in_batches();
    options.country = "FRA";
    options.json = true;
    const auto without = Json::parse(output_of(options))["best"][0];
    options.request_bytes = 1'000'000;
    options.answer_bytes = 40;
    options.network = "kwh_per_gb";
    options.kwh_per_gb = "0.1";
    const auto with = Json::parse(output_of(options))["best"][0];
    CHECK(with["joules_per_1000"] == without["joules_per_1000"]);
    // 1000 x 1,000,040 bytes are 1.00004 GB, at 0.1 kWh.
    CHECK(with["network_joules_per_1000"].get<double>() == Approx(1.00004 * 0.1 * 3.6e6));
    CHECK(with["network_gco2e_per_1000"].get<double>() / with["network_joules_per_1000"].get<double>() ==
          Approx(with["gco2e_per_1000"].get<double>() / with["joules_per_1000"].get<double>()));
    options.max_joules = with["joules_per_1000"].get<double>() * 2;
    CHECK(Json::parse(output_of(options))["best"][0]["keeps_constraints"] == false);
    options.max_joules = with["joules_per_1000"].get<double>() + 1.0001 * 0.1 * 3.6e6;
    CHECK(Json::parse(output_of(options))["best"][0]["keeps_constraints"] == true);
    CHECK(with["low_network_joules_per_1000"].is_null());  // a number of the command line has no band
    options.kwh_per_gb.clear();
    // That of record is 0.03, from 0.01 to 0.06.
    const auto banded = Json::parse(output_of(options))["best"][0];
    CHECK(banded["low_network_joules_per_1000"].get<double>() == Approx(1.00004 * 0.01 * 3.6e6));
    CHECK(banded["loads"][0]["high_network_joules_per_1000"].get<double>() == Approx(1.00004 * 0.06 * 3.6e6));
    CHECK(banded["high_network_gco2e_per_1000"].get<double>() ==
          Approx(2 * banded["network_gco2e_per_1000"].get<double>()));
    options.kwh_per_gb = "0.1";
    options.json = false;
    CHECK_THAT(output_of(options),
               Contains("network J/1000") && Contains("1000000 bytes sent, 40 answered, kwh_per_gb") &&
                   Contains("stated by --kwh-per-gb") && Contains("objectives of joules and grams have both"));

    options.network.clear();
    CHECK_THROWS_WITH(analyze(options),
                      StartsWith("--kwh-per-gb has no effect while the network counts by its router"));
    options.kwh_per_gb.clear();
    options.request_bytes = 1.5;
    CHECK_THROWS_WITH(analyze(options), StartsWith("--request-bytes: 1.5 is not valid; use a whole number"));
}

TEST_CASE("Each line of the CSV has a field for each heading", "[analyzing]")
{
    auto options = in_batches();
    options.csv = true;
    std::istringstream csv{output_of(options)};
    std::string line;
    std::getline(csv, line);
    CHECK_THAT(line, Contains(",p99_ms,mean_ms,mean_queue_ms,requests,") && Contains(",sku,usd_for,client_s,stable,"));
    const auto commas = std::ranges::count(line, ',');
    while (std::getline(csv, line)) {
        CHECK(std::ranges::count(line, ',') == commas);
        CHECK_THAT(line, Contains(",NVIDIA T4,rent,,"));
    }
}
