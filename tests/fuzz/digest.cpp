// Both files of a run's digest: as they are, and sealed with the SHA-256 that they need, so that mutations come further
// than that.

#include "common/run/digest.hpp"

#include "common/energy/pricing/training_energy.hpp"
#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/sample_work.hpp"

using namespace fedgram;

namespace {

void price(const energy::TrainingWork& work, std::size_t groups)
{
    const auto edge = energy::test::round_figures();
    const auto course = energy::federated_course(work, edge, energy::test::home_line, groups);
    fuzz::require(course.sum == energy::federated_energy(work, edge, energy::test::home_line),
                  "a training that was read can be priced");
    static_cast<void>(energy::coordinator_energy(work, edge));
}

void check(const std::string& bytes)
{
    run::Digest digest;
    fuzz::allow_refusal<DataError>([&] {
        digest = run::decode_work(bytes, "digest");
        const auto written = run::encode_work(digest);
        fuzz::require(run::decode_work(written, "again").work == digest.work,
                      "a digest that is written reads back equal");
        for (const auto& training : digest.work.trainings) price(training.work, 1);
    });
    // The nodes are those of a digest that is known.
    digest = {{1, "tail"}, {{{"fl", energy::test::federated_work(2)}}, 0, {}}};
    digest.work.trainings[0].work.cohorts.clear();
    fuzz::allow_refusal<DataError>([&] {
        run::take_nodes(bytes, "nodes", digest);
        price(digest.work.trainings[0].work, 3);
    });
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string bytes{fuzz::text_of(data, size)};
    check(bytes);
    check(bytes + files::sha256(std::as_bytes(std::span{bytes})));
    return 0;
}
