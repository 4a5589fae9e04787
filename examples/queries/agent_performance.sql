-- Who solves how much, and how well?
--
-- Tickets of the last 12 months, by the agent to whom they are assigned. Happy are ratings of the answer as better than
-- neutral; few ratings say little.

with last_seen as (
    select max(updated_at) as moment from tickets
),

ticket as (
    select
        responder_id,
        created_at,
        due_by,
        (stats->>'first_responded_at')::timestamp as answered_at,
        coalesce(stats->>'resolved_at', stats->>'closed_at')::timestamp as solved_at
    from tickets, last_seen
    where created_at >= moment - interval 12 month and not deleted and not spam
),

work as (
    select
        responder_id as agent_id,
        count(*) as tickets,
        count(solved_at) as solved,
        round(median(date_diff('second', created_at, answered_at)) / 3600, 1) as median_hours_to_answer,
        round(100 * count(*) filter (solved_at <= due_by) / nullif(count(solved_at), 0), 1) as percent_solved_in_time
    from ticket
    group by responder_id
),

time_spent as (
    select agent_id, round(sum(time_spent_in_seconds) / 3600, 1) as hours
    from time_entries, last_seen
    where executed_at >= moment - interval 12 month
    group by agent_id
),

mark as (
    select agent_id, (ratings->>'default_question')::int as value
    from satisfaction_ratings, last_seen
    where created_at >= moment - interval 12 month
),

answered as (
    -- Of each ticket the conversations that it has now, without those that were deleted.
    select user_id as agent_id, count(*) as replies
    from (select * from conversations qualify ticket_synced_at = max(ticket_synced_at) over (partition by ticket_id)),
        last_seen
    where not incoming and not private and created_at >= moment - interval 12 month
    group by user_id
),

opinion as (
    -- The scale is 103 to -103 around 100; classic surveys have 1 (happy), 2, 3.
    select
        agent_id,
        count(value) as ratings,
        round(100 * count(*) filter (value > 100 or value = 1) / nullif(count(value), 0), 1) as percent_happy
    from mark
    group by agent_id
)

select
    agents.contact->>'name' as agent,
    tickets,
    solved,
    percent_solved_in_time,
    median_hours_to_answer,
    coalesce(replies, 0) as replies,
    coalesce(hours, 0) as hours_written_down,
    coalesce(ratings, 0) as ratings,
    percent_happy
from work
join agents on agents.id = work.agent_id
left join answered using (agent_id)
left join time_spent using (agent_id)
left join opinion using (agent_id)
order by solved desc, agent
