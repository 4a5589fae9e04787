-- What each agent did on each day: public replies, tickets solved, time entered, ratings of that day.
with replied as (
    select user_id as agent_id, cast(created_at as date) as day, count(*) as replies
    from {{ ref('conversation_enriched') }}
    where is_current and is_by_agent and not incoming and not private
    group by user_id, cast(created_at as date)
),

solved as (
    select
        agent_id,
        cast(solved_at as date) as day,
        count(*) as solved_tickets,
        sum(case when is_solved_in_time then 1 else 0 end) as solved_in_time
    from {{ ref('ticket_enriched') }}
    where is_solved and agent_id is not null and not deleted and not spam
    group by agent_id, cast(solved_at as date)
),

entered as (
    select agent_id, cast(executed_at as date) as day, sum(time_spent_in_seconds) as seconds_entered
    from {{ source('freshdesk', 'time_entries') }}
    where agent_id is not null
    group by agent_id, cast(executed_at as date)
),

rated as (
    select
        agent_id,
        cast(created_at as date) as day,
        count(*) as ratings,
        sum(case when mood = 'happy' then 1 else 0 end) as happy
    from {{ ref('rating_enriched') }}
    where agent_id is not null
    group by agent_id, cast(created_at as date)
),

either as (
    select agent_id, day from replied
    union
    select agent_id, day from solved
    union
    select agent_id, day from entered
    union
    select agent_id, day from rated
)

select
    either.day,
    either.agent_id,
    {{ json_text('agents.contact', 'name') }} as agent_name,
    coalesce(replied.replies, 0) as replies,
    coalesce(solved.solved_tickets, 0) as solved_tickets,
    coalesce(solved.solved_in_time, 0) as solved_in_time,
    coalesce(entered.seconds_entered, 0) as seconds_entered,
    coalesce(rated.ratings, 0) as ratings,
    coalesce(rated.happy, 0) as happy
from either
left join replied on replied.agent_id = either.agent_id and replied.day = either.day
left join solved on solved.agent_id = either.agent_id and solved.day = either.day
left join entered on entered.agent_id = either.agent_id and entered.day = either.day
left join rated on rated.agent_id = either.agent_id and rated.day = either.day
left join {{ source('freshdesk', 'agents') }} as agents on agents.id = either.agent_id
