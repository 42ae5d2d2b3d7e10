#include "common/store/training_store.hpp"

#include <catch2/catch.hpp>

#include <chrono>

#include "common/error/error.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using store::TrainingStore;

namespace {

run::StoredTraining training(const std::string& key, std::size_t parameters = 100)
{
    run::StoredTraining stored;
    stored.key = key;
    stored.result.label = "iid";
    stored.result.kind = run::TrainingKind::federated;
    stored.result.rounds = 2;
    stored.result.host_cpu_seconds = 12.5;
    const energy::Work work{10, 2, 3000, 400, 50, 0, 0};
    const energy::Work other{11, 2, 3300, 440, 50, 0, 0};
    stored.rounds = {{1, {{0, work, 7, 8}, {1, work, 7, 8}, {3, work, 7, 8}}, energy::Work{}, std::nullopt, 0.7},
                     {2,
                      {{0, work, 7, 8}, {1, other, 7, 8}},
                      energy::Work{0, 0, 5, 6, 1, 0, 0},
                      run::StoredRound::Evaluated{{0.75, 0.5}, {100, 4, 20, 30, 40, 0, 0}},
                      0.6}};
    stored.rounds[1].epsilon = 3.5;
    stored.node_test = energy::Work{9, 1, 2, 3, 4, 0, 0};
    for (std::size_t i = 0; i < parameters; ++i) stored.parameters.push_back(static_cast<float>(i) / 8);
    return stored;
}

void check_same(const run::StoredTraining& one, const run::StoredTraining& other)
{
    CHECK(one.key == other.key);
    CHECK(one.result.label == other.result.label);
    CHECK(one.result.host_cpu_seconds == other.result.host_cpu_seconds);
    CHECK(one.parameters == other.parameters);
    CHECK(one.node_test == other.node_test);
    REQUIRE(one.rounds.size() == other.rounds.size());
    for (std::size_t i = 0; i < one.rounds.size(); ++i) {
        const auto& a = one.rounds[i];
        const auto& b = other.rounds[i];
        CHECK(a.number == b.number);
        CHECK(a.aggregation == b.aggregation);
        CHECK(a.evaluation == b.evaluation);
        CHECK(a.train_loss == b.train_loss);
        CHECK(a.epsilon == b.epsilon);
        REQUIRE(a.nodes.size() == b.nodes.size());
        for (std::size_t k = 0; k < a.nodes.size(); ++k) {
            CHECK(a.nodes[k].node == b.nodes[k].node);
            CHECK(a.nodes[k].train == b.nodes[k].train);
            CHECK(a.nodes[k].bytes_down == b.nodes[k].bytes_down);
            CHECK(a.nodes[k].bytes_up == b.nodes[k].bytes_up);
        }
    }
}

std::size_t files_in(const std::filesystem::path& folder)
{
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        count += entry.path().extension() == ".training" ? 1 : 0;
    return count;
}

std::filesystem::path only_file(const std::filesystem::path& folder)
{
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        if (entry.path().extension() == ".training") return entry.path();
    return {};
}

}  // namespace

TEST_CASE("What was put into a store comes out the same, under its key alone", "[store]")
{
    const test::TemporaryFolder folder;
    const TrainingStore store{{folder.path() / "made" / "store"}};
    CHECK_FALSE(store.find("a"));
    CHECK(store.put(training("a")));
    check_same(store.find("a").value(), training("a"));
    CHECK_FALSE(store.find("b"));
}

TEST_CASE("A damaged training counts as none, and goes", "[store]")
{
    const test::TemporaryFolder folder;
    const TrainingStore store{{folder.path()}};
    CHECK(store.put(training("a")));
    const auto file = only_file(folder.path());
    auto bytes = test::read_file(file);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    test::write_file(file, bytes);
    CHECK_FALSE(store.find("a"));
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK(store.put(training("a")));
    test::write_file(file, test::read_file(file).substr(0, 100));
    CHECK_FALSE(store.find("a"));
}

TEST_CASE("A full store loses what wasn't used for longest", "[store]")
{
    const test::TemporaryFolder folder;
    const auto size = run::encode(training("a", 10'000)).size();
    const TrainingStore store{{folder.path(), 2.5 * static_cast<double>(size) / (1024.0 * 1024 * 1024)}};
    const auto age = [](const std::filesystem::path& file) {
        std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - std::chrono::hours{1});
    };
    CHECK(store.put(training("a", 10'000)));
    age(only_file(folder.path()));
    CHECK(store.put(training("b", 10'000)));
    for (const auto& entry : std::filesystem::directory_iterator{folder.path()}) age(entry.path());
    CHECK(store.find("a"));  // now it was used
    CHECK(store.put(training("c", 10'000)));
    CHECK(files_in(folder.path()) == 2);
    CHECK(store.find("a"));
    CHECK_FALSE(store.find("b"));
    CHECK(store.find("c"));
    CHECK_FALSE(store.put(training("d", 100'000)));
    CHECK(files_in(folder.path()) == 2);
}

TEST_CASE("A key has one writer at a time", "[store]")
{
    const test::TemporaryFolder folder;
    const TrainingStore store{{folder.path()}};
    const TrainingStore of_another_process{{folder.path()}};
    {
        const auto claim = store.claim("a");
        CHECK(claim);
        CHECK_FALSE(of_another_process.claim("a"));
        CHECK(of_another_process.claim("b"));
    }
    CHECK(of_another_process.claim("a"));
}

TEST_CASE("A store that can't be made says so", "[store]")
{
    const test::TemporaryFolder folder;
    test::write_file(folder / "file", "");
    CHECK_THROWS_WITH(TrainingStore{{folder.path() / "file" / "store"}}, Catch::Contains("choose another --store"));
}
