-- Whose answers make customers happy?
--
-- Ratings of the last 12 months, by the agent who was rated; agents with fewer than five ratings are left out.

with last_seen as (
    select max(updated_at) as moment from views.ticket_enriched
)

select
    coalesce(agent_name, 'agent ' || agent_id) as agent,
    count(*) as ratings,
    round(100 * count(*) filter (mood = 'happy') / count(*), 1) as percent_happy,
    round(100 * count(*) filter (mood = 'neutral') / count(*), 1) as percent_neutral,
    round(100 * count(*) filter (mood = 'unhappy') / count(*), 1) as percent_unhappy
from views.rating_enriched, last_seen
where mood is not null and agent_id is not null and created_at >= moment - interval 12 month
group by agent_id, agent_name
having count(*) >= 5
order by percent_happy desc, ratings desc, agent
