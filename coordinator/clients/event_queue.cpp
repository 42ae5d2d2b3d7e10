#include "coordinator/clients/event_queue.hpp"

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <utility>

namespace fedgram::coordinator {

namespace {

constexpr ClientId nobody = 0;

ClientId client_of(const ClientEvent& event)
{
    return std::visit(
        [](const auto& each) {
            if constexpr (requires { each.client; })
                return each.client;
            else
                return nobody;
        },
        event);
}

}  // namespace

EventQueue::EventQueue(asio::io_context& context) : context_{context}, arrived_{context, net::Clock::time_point::max()}
{
}

asio::awaitable<std::optional<ClientEvent>> EventQueue::next(net::Clock::time_point until)
{
    while (events_.empty()) {
        if (co_await net::ring(arrived_, until) && events_.empty()) co_return std::nullopt;
    }
    auto event = std::move(events_.front());
    events_.pop_front();
    note_taken(event);
    co_return event;
}

void EventQueue::open(ClientId client) { sources_.try_emplace(client, context_); }

void EventQueue::push(ClientEvent event)
{
    if (const auto client = client_of(event); client != nobody) ++sources_.at(client).untaken;
    events_.push_back(std::move(event));
    arrived_.cancel();
}

bool EventQueue::has_room(ClientId client) const
{
    return sources_.at(client).untaken < most_untaken && left_behind_ < most_left_behind;
}

asio::awaitable<bool> EventQueue::room(ClientId client)
{
    auto& source = sources_.at(client);  // stays where it is until its connection has ended, which is after this
    while (!has_room(client) && !source.muted && !finishing_) {
        asio::error_code woken;
        co_await source.changed.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    co_return !source.muted && has_room(client);
}

void EventQueue::mute(ClientId client)
{
    auto& source = sources_.at(client);
    source.muted = true;
    source.changed.cancel();
}

void EventQueue::close(ClientId client)
{
    const auto found = sources_.find(client);
    left_behind_ += found->second.untaken;
    sources_.erase(found);
}

void EventQueue::finish()
{
    finishing_ = true;
    wake_all();
}

void EventQueue::note_taken(const ClientEvent& event)
{
    const auto client = client_of(event);
    if (client == nobody) return;
    const auto found = sources_.find(client);
    if (found == sources_.end()) {
        if (--left_behind_ == most_left_behind - 1) wake_all();
        return;
    }
    --found->second.untaken;
    found->second.changed.cancel();
}

void EventQueue::wake_all()
{
    for (auto& [client, source] : sources_) source.changed.cancel();
}

}  // namespace fedgram::coordinator
