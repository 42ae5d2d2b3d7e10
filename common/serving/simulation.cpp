#include "common/serving/simulation.hpp"

#include <algorithm>
#include <cassert>
#include <compare>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "common/error/error.hpp"
#include "common/serving/arrivals.hpp"

namespace fedgram::serving {

namespace {

constexpr Nanoseconds never{std::numeric_limits<std::int64_t>::max()};

constexpr Nanoseconds longest_round_trip{1000 * nanoseconds_per_second};

/// When the next request comes, from either kind of load.
class Source {
public:
    Source(const Load& load, std::uint64_t requests) : left_{requests}
    {
        if (const auto* constant = std::get_if<ConstantRate>(&load)) open_.emplace(*constant);
        if (const auto* poisson = std::get_if<PoissonRate>(&load)) open_.emplace(*poisson);
        if (const auto* closed = std::get_if<ClosedLoop>(&load))
            ready_ = closed->concurrency;
        else if (left_ > 0)
            next_ = open_->next();
    }

    /// `never` of a closed loop whose clients all wait for an answer, and behind the last one.
    [[nodiscard]] Nanoseconds next(Nanoseconds now) const
    {
        if (left_ == 0) return never;
        if (open_) return next_;
        if (ready_ > 0) return now;
        return on_the_way_.empty() ? never : on_the_way_.front();
    }

    void take()
    {
        --left_;
        if (!open_) {
            if (ready_ > 0)
                --ready_;
            else
                on_the_way_.pop_front();
        } else if (left_ > 0) {
            next_ = open_->next();
        }
    }

    /// When the client of a request that has ended has its answer, which is `then` or behind those ahead of it; it
    /// sends again at once.
    [[nodiscard]] Nanoseconds ended(Nanoseconds now, Nanoseconds then)
    {
        if (open_) return then;
        if (!on_the_way_.empty()) then = std::max(then, on_the_way_.back());
        if (then == now)
            ++ready_;
        else
            on_the_way_.push_back(then);
        return then;
    }

private:
    std::uint64_t left_;
    std::optional<Arrivals> open_;
    Nanoseconds next_;
    std::uint64_t ready_ = 0;             // clients of a closed loop
    std::deque<Nanoseconds> on_the_way_;  // when others of them send, in that order
};

class Simulation {
public:
    Simulation(const ServingSetup& setup, const RequestObserver& observer)
        : service_{setup.service},
          observer_{observer},
          batcher_{setup.batcher},
          source_{setup.load, setup.requests},
          round_trip_{setup.round_trip},
          round_trip_more_{setup.round_trip_more},
          running_(setup.batcher.instances)
    {
        result_.busy.resize(setup.batcher.instances);
    }

    ServingResult run()
    {
        while (true) {
            const auto end = ends_.empty() ? never : ends_.front().at;
            const auto wake = wake_at_.value_or(never);
            const auto arrival = source_.next(now_);
            now_ = std::min({end, wake, arrival});
            if (now_ == never) return std::move(result_);
            if (now_ > longest_time)
                throw SpecError{
                    "serving simulation: it takes more than 10^18 ns (31 years); use fewer requests, or a "
                    "higher rate"};
            result_.ended = now_;
            if (now_ == end)
                end_batch();
            else if (now_ == wake)
                follow(batcher_.time_passes(now_));
            else
                arrive();
        }
    }

private:
    struct BatchEnd {
        Nanoseconds at;
        std::uint32_t instance = 0;

        friend auto operator<=>(const BatchEnd&, const BatchEnd&) = default;
    };
    struct RunningBatch {
        std::vector<QueuedRequest> requests;
        Nanoseconds begun;
    };

    void arrive()
    {
        const RequestId id{result_.offered++};
        source_.take();
        const auto decision = batcher_.request_arrives(id, now_);
        if (decision.refused) {
            ++result_.refused;
            tell({id, Fate::refused, now_, now_, now_, now_});
        }
        follow(decision);
    }

    void end_batch()
    {
        std::ranges::pop_heap(ends_, std::greater{});
        const auto instance = ends_.back().instance;
        ends_.pop_back();
        const auto& [requests, begun] = running_[instance];
        auto round_trip = round_trip_;
        for (const auto& [id, arrival] : requests) {
            const auto had = source_.ended(now_, now_ + round_trip);
            const auto latency = had - arrival;
            result_.latencies.add(latency);
            result_.means.add(latency);
            result_.waits.add(begun - arrival);
            tell({id, Fate::answered, arrival, begun, now_, had});
            round_trip += round_trip_more_;
        }
        result_.answered += requests.size();
        follow(batcher_.instance_is_free(instance, now_));
    }

    void follow(const Decision& decision)
    {
        for (const auto& [id, arrival] : decision.expired) {
            tell({id, Fate::expired, arrival, now_, now_, now_});
            (void)source_.ended(now_, now_ + round_trip_);
        }
        result_.expired += decision.expired.size();
        if (!decision.batch.empty()) begin(decision.batch, decision.instance);
        wake_at_ = decision.wake_at;
    }

    void begin(std::span<const QueuedRequest> batch, std::uint32_t instance)
    {
        const auto time = service_(static_cast<std::uint32_t>(batch.size()), now_);
        assert(time >= Nanoseconds{} && time <= longest_time);
        running_[instance].requests.assign(batch.begin(), batch.end());
        running_[instance].begun = now_;
        result_.busy[instance] += time;
        if (batch.size() >= result_.batches.size()) result_.batches.resize(batch.size() + 1);
        ++result_.batches[batch.size()];
        ends_.push_back({now_ + time, instance});
        std::ranges::push_heap(ends_, std::greater{});
    }

    void tell(const RequestEnd& end) const
    {
        if (observer_) observer_(end);
    }

    ServiceTime service_;
    const RequestObserver& observer_;
    Batcher batcher_;
    Source source_;
    Nanoseconds round_trip_;
    Nanoseconds round_trip_more_;
    std::vector<RunningBatch> running_;  // by instance
    std::vector<BatchEnd> ends_;         // a heap, the next one in front
    std::optional<Nanoseconds> wake_at_;
    Nanoseconds now_;
    ServingResult result_;
};

void check(const ServingSetup& setup)
{
    for (const auto& [key, time] :
         {std::pair{"round_trip", setup.round_trip}, std::pair{"round_trip_more", setup.round_trip_more}})
        if (time < Nanoseconds{} || time > longest_round_trip)
            throw SpecError{std::string{key} + ": " + std::to_string(time.count()) +
                            " ns is not valid; use 0 to 1000 s"};
    const auto* closed = std::get_if<ClosedLoop>(&setup.load);
    if (!closed) return;
    const auto room = std::uint64_t{setup.batcher.queue_limit} + setup.batcher.instances;
    if (closed->concurrency < 1 || closed->concurrency > room)
        throw SpecError{"concurrency: " + std::to_string(closed->concurrency) + " is not valid; use 1 to " +
                        std::to_string(room) + ", for which the queue and the instances have room"};
}

}  // namespace

double ServingResult::throughput() const
{
    return ended > Nanoseconds{} ? static_cast<double>(answered) / seconds(ended).count() : 0;
}

Seconds ServingResult::busy_time() const
{
    Seconds all;
    for (const auto time : busy) all += seconds(time);
    return all;
}

ServingResult simulate(const ServingSetup& setup, const RequestObserver& observer)
{
    check(setup);
    return Simulation{setup, observer}.run();
}

}  // namespace fedgram::serving
