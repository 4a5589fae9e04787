-- Who solves how much, and how well?
--
-- Tickets of the last 12 months, by the agent to whom they are assigned now; replies and time by the agent who wrote and
-- spent them; ratings by the agent who was rated. Happy are ratings better than neutral; few ratings say little.

with last_seen as (
    select max(updated_at) as moment from views.ticket_enriched
),

work as (
    select
        agent_id,
        any_value(agent_name) as agent_name,
        count(*) as tickets,
        count(*) filter (is_solved) as solved,
        round(100 * count(*) filter (is_solved_in_time) / nullif(count(*) filter (is_solved), 0), 1)
            as percent_solved_in_time,
        round(median(first_response_business_seconds) / 3600, 1) as median_business_hours_to_answer
    from views.ticket_enriched, last_seen
    where created_at >= moment - interval 12 month and agent_id is not null and not deleted and not spam
    group by agent_id
),

day as (
    select
        agent_id,
        sum(replies)::bigint as replies,
        round(sum(seconds_entered) / 3600, 1) as hours,
        sum(ratings)::bigint as ratings,
        round(100 * sum(happy) / nullif(sum(ratings), 0), 1) as percent_happy
    from views.agent_daily, last_seen
    where agent_daily.day >= moment - interval 12 month
    group by agent_id
)

select
    coalesce(agent_name, 'agent ' || agent_id) as agent,
    tickets,
    solved,
    percent_solved_in_time,
    median_business_hours_to_answer,
    coalesce(replies, 0) as replies,
    coalesce(hours, 0) as hours_entered,
    coalesce(ratings, 0) as ratings,
    percent_happy
from work
left join day using (agent_id)
order by solved desc, agent
